package dev.guildcast.system.simulation;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.shard.RecordCodec;
import dev.guildcast.shard.v1.Checkpointed;
import dev.guildcast.shard.v1.Claim;
import dev.guildcast.shard.v1.Origin;
import org.jspecify.annotations.Nullable;

/// A codec that rejects poison records, so that their position is not recorded.
record PoisonRejectingCodec<R>(RecordCodec<R> codec) implements RecordCodec<R> {
    @Override
    public R parse(byte[] bytes) throws InvalidProtocolBufferException {
        R record = codec.parse(bytes);
        if (record instanceof SessionRecord session
                && session.getUserDeliver().getType().equals(FaultyMachine.POISON)) {
            throw new InvalidProtocolBufferException("poison");
        }
        return record;
    }

    @Override
    public @Nullable Origin origin(R record) {
        return codec.origin(record);
    }

    @Override
    public @Nullable Claim claim(R record) {
        return codec.claim(record);
    }

    @Override
    public @Nullable Checkpointed checkpointed(R record) {
        return codec.checkpointed(record);
    }

    @Override
    public byte[] encode(Claim claim) {
        return codec.encode(claim);
    }

    @Override
    public byte[] encode(Checkpointed mark) {
        return codec.encode(mark);
    }
}
