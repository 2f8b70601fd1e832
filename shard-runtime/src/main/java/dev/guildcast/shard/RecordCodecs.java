package dev.guildcast.shard;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.event.v1.GuildRecord;
import dev.guildcast.event.v1.UserRecord;
import dev.guildcast.shard.v1.Checkpointed;
import dev.guildcast.shard.v1.Claim;
import dev.guildcast.shard.v1.Origin;
import org.jspecify.annotations.Nullable;

/// The codecs of the three logs.
public final class RecordCodecs {
    public static final RecordCodec<GuildRecord> GUILD = new RecordCodec<>() {
        @Override
        public GuildRecord parse(byte[] bytes) throws InvalidProtocolBufferException {
            return GuildRecord.parseFrom(bytes);
        }

        @Override
        public @Nullable Origin origin(GuildRecord record) {
            return record.hasOrigin() ? record.getOrigin() : null;
        }

        @Override
        public @Nullable Claim claim(GuildRecord record) {
            return record.hasClaim() ? record.getClaim() : null;
        }

        @Override
        public @Nullable Checkpointed checkpointed(GuildRecord record) {
            return record.hasCheckpointed() ? record.getCheckpointed() : null;
        }

        @Override
        public byte[] encode(Claim claim) {
            return GuildRecord.newBuilder().setClaim(claim).build().toByteArray();
        }

        @Override
        public byte[] encode(Checkpointed marker) {
            return GuildRecord.newBuilder().setCheckpointed(marker).build().toByteArray();
        }
    };

    public static final RecordCodec<UserRecord> USER = new RecordCodec<>() {
        @Override
        public UserRecord parse(byte[] bytes) throws InvalidProtocolBufferException {
            return UserRecord.parseFrom(bytes);
        }

        @Override
        public @Nullable Origin origin(UserRecord record) {
            return record.hasOrigin() ? record.getOrigin() : null;
        }

        @Override
        public @Nullable Claim claim(UserRecord record) {
            return record.hasClaim() ? record.getClaim() : null;
        }

        @Override
        public @Nullable Checkpointed checkpointed(UserRecord record) {
            return record.hasCheckpointed() ? record.getCheckpointed() : null;
        }

        @Override
        public byte[] encode(Claim claim) {
            return UserRecord.newBuilder().setClaim(claim).build().toByteArray();
        }

        @Override
        public byte[] encode(Checkpointed marker) {
            return UserRecord.newBuilder().setCheckpointed(marker).build().toByteArray();
        }
    };

    public static final RecordCodec<SessionRecord> SESSION = new RecordCodec<>() {
        @Override
        public SessionRecord parse(byte[] bytes) throws InvalidProtocolBufferException {
            return SessionRecord.parseFrom(bytes);
        }

        @Override
        public @Nullable Origin origin(SessionRecord record) {
            return record.hasOrigin() ? record.getOrigin() : null;
        }

        @Override
        public @Nullable Claim claim(SessionRecord record) {
            return record.hasClaim() ? record.getClaim() : null;
        }

        @Override
        public @Nullable Checkpointed checkpointed(SessionRecord record) {
            return record.hasCheckpointed() ? record.getCheckpointed() : null;
        }

        @Override
        public byte[] encode(Claim claim) {
            return SessionRecord.newBuilder().setClaim(claim).build().toByteArray();
        }

        @Override
        public byte[] encode(Checkpointed marker) {
            return SessionRecord.newBuilder().setCheckpointed(marker).build().toByteArray();
        }
    };

    private RecordCodecs() {}
}
