package dev.guildcast.shard;

import dev.guildcast.shard.v1.Checkpointed;
import dev.guildcast.shard.v1.Claim;
import dev.guildcast.shard.v1.Origin;
import org.jspecify.annotations.Nullable;

/// Parses the records of one kind of log and encodes the runtime's own, so that the runtime finds origins, claims and
/// checkpoint markers in every log.
///
/// @param <R> the log's record
public interface RecordCodec<R> {
    /// @throws com.google.protobuf.InvalidProtocolBufferException if the bytes are not a record; they become a dead
    ///     letter
    R parse(byte[] bytes) throws com.google.protobuf.InvalidProtocolBufferException;

    @Nullable
    Origin origin(R record);

    @Nullable
    Claim claim(R record);

    @Nullable
    Checkpointed checkpointed(R record);

    byte[] encode(Claim claim);

    byte[] encode(Checkpointed marker);
}
