package dev.guildcast.voice.call;

import dev.guildcast.voice.protocol.VoiceMessages;
import dev.guildcast.voice.protocol.VoiceOpcode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// Numbers the messages of one session and keeps the last ones for a resume.
///
/// - **Owner:** the voice loop.
/// - **Bound:** bytes; the oldest are dropped first.
/// - **Promise:** [#after] answers without a gap, or not at all.
final class ReplayBuffer {
    /// Numbers are unsigned 16-bit and wrap; the first is 1, because clients take 0 for none.
    private static final int SEQUENCES = 65_536;

    private final long bytesMax;
    private final Deque<String> kept = new ArrayDeque<>();
    private long keptBytes;
    private int last;

    ReplayBuffer(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /// @return the message with its number
    String add(VoiceOpcode opcode, String d) {
        last = (last + 1) % SEQUENCES;
        String text = VoiceMessages.text(opcode, d, last);
        kept.add(text);
        keptBytes += text.length();
        while (keptBytes > bytesMax) {
            keptBytes -= kept.remove().length();
        }
        return text;
    }

    /// The client has received this message and all before it.
    void onAcknowledged(int sequence) {
        int newer = sequence < 0 ? SEQUENCES : newerThan(sequence);
        while (newer < kept.size()) {
            keptBytes -= kept.remove().length();
        }
    }

    /// What came after this message; empty if some of it has been dropped, or if the number was never given.
    ///
    /// @param sequence negative or 0 before the first wrap: nothing was received
    Optional<List<String>> after(int sequence) {
        int newer = newerThan(Math.max(0, sequence));
        if (newer > kept.size()) {
            return Optional.empty();
        }
        return Optional.of(kept.stream().skip(kept.size() - newer).toList());
    }

    private int newerThan(int sequence) {
        return Math.floorMod(last - sequence, SEQUENCES);
    }
}
