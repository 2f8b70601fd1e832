package dev.guildcast.gateway.socket;

import dev.guildcast.gateway.codec.Frame;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// Frames of one connection that the transport has not taken yet.
///
/// - **Owner:** the connection's event loop.
/// - **Bound:** the slow consumer policy parks the push when `heldBytes` exceeds the limit; a parked connection is sent
///   only responses to its own frames, whose number the command limit bounds.
/// - **Promise:** frames are taken in the order in which they were added.
final class OutboundQueue {
    private final ArrayDeque<Frame> frames = new ArrayDeque<>(2);
    private long heldBytes;

    void add(Frame frame) {
        frames.add(frame);
        heldBytes += frame.length();
    }

    @Nullable
    Frame poll() {
        var frame = frames.poll();
        if (frame != null) {
            heldBytes -= frame.length();
        }
        return frame;
    }

    int size() {
        return frames.size();
    }

    /// Length of the frame that is polled next; 0 when there is none.
    int nextLength() {
        var next = frames.peek();
        return next == null ? 0 : next.length();
    }

    boolean isEmpty() {
        return frames.isEmpty();
    }

    /// Total length of the queued frames.
    long heldBytes() {
        return heldBytes;
    }

    void clear() {
        frames.clear();
        heldBytes = 0;
    }
}
