package dev.guildcast.gateway.outbound;

import dev.guildcast.gateway.Frame;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// Frames that the socket has not taken yet.
///
/// - **Owner:** the connection's event loop.
/// - **Bound:** [SlowConsumerPolicy] parks the push when `heldBytes` passes the limit; what a parked connection still
///   gets are answers to its own frames, which the command limit bounds.
/// - **Promise:** frames leave in the order in which they came.
public final class OutboundQueue {
    private final ArrayDeque<Frame> frames = new ArrayDeque<>(2);
    private long heldBytes;

    public void add(Frame frame) {
        frames.add(frame);
        heldBytes += frame.length();
    }

    public @Nullable Frame poll() {
        var frame = frames.poll();
        if (frame != null) {
            heldBytes -= frame.length();
        }
        return frame;
    }

    public boolean isEmpty() {
        return frames.isEmpty();
    }

    /// Bytes that wait.
    public long heldBytes() {
        return heldBytes;
    }

    public void clear() {
        frames.clear();
        heldBytes = 0;
    }
}
