package dev.guildcast.shard.process;

import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.ShardCounters;
import dev.guildcast.shard.storage.DeadLetters;

/// Counts the records that cannot be applied and, as owner, writes them to the dead letters.
///
/// - **Owner:** the shard's loop.
final class DeadLetterReporter {
    /// Characters of a dead letter's reason: enough for a field's path and a sentence in a record header.
    private static final int REASON_CHARS_MAX = 200;

    private final ShardId id;
    private final ShardCounters counters;
    private final DeadLetters deadLetters;

    DeadLetterReporter(ShardId id, ShardCounters counters, DeadLetters deadLetters) {
        this.id = id;
        this.counters = counters;
        this.deadLetters = deadLetters;
    }

    /// @param isOwner whether this process owns the shard: followers read the same record, and only the owner
    ///     writes it to the dead letters
    void report(String reason, long offset, byte[] record, boolean isOwner) {
        counters.onDeadLetter();
        if (isOwner) {
            deadLetters.accept(
                    id,
                    offset,
                    reason.length() <= REASON_CHARS_MAX ? reason : reason.substring(0, REASON_CHARS_MAX),
                    record,
                    counters::onDeadLetterLost);
        }
    }
}
