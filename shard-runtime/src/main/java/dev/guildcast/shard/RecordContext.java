package dev.guildcast.shard;

import dev.guildcast.contract.ShardId;
import org.jspecify.annotations.Nullable;

/// The position, time and writer of a record.
///
/// @param shard whose log this is
/// @param offset in that log; the ephemeral log's for a record of the ephemeral lane
/// @param timestampMillis Unix milliseconds at which the record was appended: the only clock of a machine
/// @param source the shard that emitted the record; null for publishers and for the owner's own commands
/// @param ownerNonce nonce of the valid claim at this point of the log; 0 before the first
/// @param publishedMillis Unix milliseconds at which the event that led to the record was appended to the log it was
///     published to; for metrics only
public record RecordContext(
        ShardId shard,
        long offset,
        long timestampMillis,
        @Nullable ShardId source,
        long ownerNonce,
        long publishedMillis) {

    /// The context of a record that no earlier event caused.
    public RecordContext(ShardId shard, long offset, long timestampMillis, @Nullable ShardId source, long ownerNonce) {
        this(shard, offset, timestampMillis, source, ownerNonce, timestampMillis);
    }

    /// The context of the same record, as sent by another shard.
    ///
    /// @param causePublishedMillis as [#publishedMillis]; 0: not known
    public RecordContext from(ShardId sender, long causePublishedMillis) {
        return new RecordContext(
                shard,
                offset,
                timestampMillis,
                sender,
                ownerNonce,
                causePublishedMillis == 0 ? timestampMillis : causePublishedMillis);
    }
}
