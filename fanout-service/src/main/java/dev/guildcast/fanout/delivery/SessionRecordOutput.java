package dev.guildcast.fanout.delivery;

import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.shard.Output;
import dev.guildcast.shard.v1.Origin;

/// An output to a session shard that is complete except for its origin.
///
/// @param sizeEstimate about how many bytes the encoded record takes
public record SessionRecordOutput(SessionRecord record, int sizeEstimate) implements Output {
    @Override
    public byte[] encode(Origin origin) {
        return record.toBuilder().setOrigin(origin).build().toByteArray();
    }
}
