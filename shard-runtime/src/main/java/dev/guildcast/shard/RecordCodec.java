package dev.guildcast.shard;

import dev.guildcast.shard.v1.Checkpointed;
import dev.guildcast.shard.v1.Claim;
import dev.guildcast.shard.v1.Origin;
import org.jspecify.annotations.Nullable;

/// Reads and writes the records of one kind of log, so that the runtime finds origins and claims in all of them.
///
/// @param <R> the log's record
public interface RecordCodec<R> {
    /// @throws com.google.protobuf.InvalidProtocolBufferException if the bytes are no record; it is dead-lettered
    R parse(byte[] bytes) throws com.google.protobuf.InvalidProtocolBufferException;

    @Nullable
    Origin origin(R record);

    @Nullable
    Claim claim(R record);

    @Nullable
    Checkpointed checkpointed(R record);

    byte[] encode(Claim claim);

    byte[] encode(Checkpointed mark);
}
