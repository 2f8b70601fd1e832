package dev.guildcast.shard.process;

import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.ShardCounters;
import dev.guildcast.shard.storage.DeadLetters;
import dev.guildcast.shard.v1.Origin;

/// Decides which records of other shards are applied; counts the rest, and hands dead letters on.
///
/// - **Owner:** the shard's loop.
final class InboundFilter {
    /// Characters of a dead letter's reason: enough for a field's path and a sentence in a record header.
    private static final int REASON_CHARS_MAX = 200;

    private final ShardId id;
    private final OutputSequencing sequencing;
    private final ShardCounters counters;
    private final DeadLetters deadLetters;

    InboundFilter(ShardId id, OutputSequencing sequencing, ShardCounters counters, DeadLetters deadLetters) {
        this.id = id;
        this.sequencing = sequencing;
        this.counters = counters;
        this.deadLetters = deadLetters;
    }

    /// Whether the record is to be applied; if so, the accepted position has advanced.
    boolean accepts(ShardId source, Origin origin) {
        return switch (sequencing.accept(source, origin)) {
            case ACCEPTED -> true;
            case DUPLICATE -> {
                counters.onDuplicate();
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
    /// @param isOwner whether this process owns the shard: followers read the same record, and only the owner
    ///     writes it
    /// to
    ///     the dead letters
    void deadLetter(String reason, long offset, byte[] record, boolean isOwner) {
        counters.onDeadLetter();
        if (isOwner) {
            deadLetters.accept(
                    id,
                    offset,
                    reason.length() <= REASON_CHARS_MAX ? reason : reason.substring(0, REASON_CHARS_MAX),
                    record);
        }
    }
}
