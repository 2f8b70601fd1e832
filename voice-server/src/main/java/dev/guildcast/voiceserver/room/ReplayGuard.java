package dev.guildcast.voiceserver.room;

/// Detects replayed packets of one stream.
///
/// The RTP sequence alone does not do: it wraps every 22 minutes, so that a packet recorded then would be new
/// again, and there are clients that start it anew in the middle of a session, whose sound would stay away for minutes.
/// The nonce does: no sender may use one twice under a key, and each counts it up. It is not agreed in which byte
/// order, so that is learnt: of two packets that follow each other, the nonces are near in one order and far apart in
/// the other. Until it is learnt, and for a sender that does not count, the sequence must do.
///
/// - **Owner:** the media loop.
/// - **Bound:** two windows of [CounterWindow#SIZE], and [#LEARN_MAX] nonces while it learns.
/// - **Promise:** once the byte order is learnt, from the second packet on for a sender that counts, no packet of the
///   session passes twice.
public final class ReplayGuard {
    /// A packet without a sequence, such as RTCP.
    public static final int NO_SEQUENCE = -1;

    /// Packets within which a sender that counts has shown it, whatever was lost or overtaken.
    static final int LEARN_MAX = 16;

    /// How far apart the nonces of two such packets are at most: five seconds of video pass between two reports. Below
    /// 2^16, where numbers that are near in one byte order may be near in the other.
    private static final int NEAR = 1 << 14;

    private final CounterWindow nonces = new CounterWindow();
    private final CounterWindow sequences = new CounterWindow();
    private final int[] learning = new int[LEARN_MAX];
    private int learned;
    private Order order = Order.UNKNOWN;

    private enum Order {
        UNKNOWN,
        HIGHEST_BYTE_FIRST,
        LOWEST_BYTE_FIRST,
        /// The sender does not count.
        NONE
    }

    /// Whether the packet is new, judged by its clear parts. It still has to be authenticated.
    ///
    /// @param nonce first byte highest
    /// @param sequence 16 bits, or [#NO_SEQUENCE]
    public boolean isNew(int nonce, int sequence) {
        return switch (order) {
            case HIGHEST_BYTE_FIRST -> nonces.isNew(nonce);
            case LOWEST_BYTE_FIRST -> nonces.isNew(Integer.reverseBytes(nonce));
            case UNKNOWN -> !isAmongLearned(nonce) && isNewSequence(sequence);
            case NONE -> isNewSequence(sequence);
        };
    }

    /// Marks a packet that is new and was opened.
    ///
    /// @return whether it is provably the latest of its sender
    public boolean accept(int nonce, int sequence) {
        return switch (order) {
            case HIGHEST_BYTE_FIRST -> nonces.accept(nonce);
            case LOWEST_BYTE_FIRST -> nonces.accept(Integer.reverseBytes(nonce));
            case UNKNOWN -> {
                boolean latest = acceptSequence(sequence);
                learn(nonce);
                yield latest;
            }
            case NONE -> acceptSequence(sequence);
        };
    }

    private boolean isNewSequence(int sequence) {
        return sequence == NO_SEQUENCE || sequences.isNew(sequences.extended(sequence));
    }

    private boolean acceptSequence(int sequence) {
        return sequence != NO_SEQUENCE && sequences.accept(sequences.extended(sequence));
    }

    private boolean isAmongLearned(int nonce) {
        for (int i = 0; i < learned; i++) {
            if (learning[i] == nonce) {
                return true;
            }
        }
        return false;
    }

    private void learn(int nonce) {
        learning[learned++] = nonce;
        for (int i = 0; i < learned - 1 && order == Order.UNKNOWN; i++) {
            if (isNear(learning[i], nonce)) {
                order = Order.HIGHEST_BYTE_FIRST;
            } else if (isNear(Integer.reverseBytes(learning[i]), Integer.reverseBytes(nonce))) {
                order = Order.LOWEST_BYTE_FIRST;
            }
        }
        if (order == Order.UNKNOWN) {
            order = learned == LEARN_MAX ? Order.NONE : Order.UNKNOWN;
            return;
        }
        for (int i = 0; i < learned; i++) {
            int counter = order == Order.HIGHEST_BYTE_FIRST ? learning[i] : Integer.reverseBytes(learning[i]);
            // What is behind the window by now counts as seen anyway.
            if (nonces.isNew(counter)) {
                nonces.accept(counter);
            }
        }
    }

    private static boolean isNear(int one, int other) {
        int apart = one - other;
        return apart > -NEAR && apart < NEAR;
    }
}
