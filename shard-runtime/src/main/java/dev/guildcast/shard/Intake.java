package dev.guildcast.shard;

import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.v1.Origin;

/// What is let in of other shards' records, and what becomes of the rest: it is counted, or a dead letter.
///
/// - **Owner:** the shard's loop.
final class Intake {
    private static final int REASON_MAX = 200;

    private final ShardId id;
    private final Chain chain;
    private final ShardCounters counters;
    private final DeadLetters letters;

    Intake(ShardId id, Chain chain, ShardCounters counters, DeadLetters letters) {
        this.id = id;
        this.chain = chain;
        this.counters = counters;
        this.letters = letters;
    }

    /// Whether the record is to be applied; the chain's mark has moved then.
    boolean accepts(ShardId source, Origin origin) {
        return switch (chain.accept(source, origin)) {
            case ACCEPTED -> true;
            case REPEAT -> {
                counters.onRepeat();
                yield false;
            }
            case GAP -> {
                counters.onGap();
                yield false;
            }
            case STALE -> {
                counters.onEphemeralDropped();
                yield false;
            }
        };
    }

    /// Counts a record that cannot be applied.
    ///
    /// @param told whether operators are told: the owner does it for all
    void deadLetter(String reason, long offset, byte[] record, boolean told) {
        counters.onDeadLetter();
        if (told) {
            letters.accept(
                    id, offset, reason.length() <= REASON_MAX ? reason : reason.substring(0, REASON_MAX), record);
        }
    }
}
