package dev.guildcast.shard;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.event.v1.GuildRecord;
import dev.guildcast.event.v1.UserRecord;
import dev.guildcast.shard.v1.Checkpointed;
import dev.guildcast.shard.v1.Claim;
import dev.guildcast.shard.v1.Origin;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The codecs of the three logs.
public final class RecordCodecs {
    public static final RecordCodec<GuildRecord> GUILD = new ProtoCodec<>(
            GuildRecord.parser(),
            new Field<>(GuildRecord::hasOrigin, GuildRecord::getOrigin),
            new Field<>(GuildRecord::hasClaim, GuildRecord::getClaim),
            new Field<>(GuildRecord::hasCheckpointed, GuildRecord::getCheckpointed),
            claim -> GuildRecord.newBuilder().setClaim(claim).build(),
            marker -> GuildRecord.newBuilder().setCheckpointed(marker).build());

    public static final RecordCodec<UserRecord> USER = new ProtoCodec<>(
            UserRecord.parser(),
            new Field<>(UserRecord::hasOrigin, UserRecord::getOrigin),
            new Field<>(UserRecord::hasClaim, UserRecord::getClaim),
            new Field<>(UserRecord::hasCheckpointed, UserRecord::getCheckpointed),
            claim -> UserRecord.newBuilder().setClaim(claim).build(),
            marker -> UserRecord.newBuilder().setCheckpointed(marker).build());

    public static final RecordCodec<SessionRecord> SESSION = new ProtoCodec<>(
            SessionRecord.parser(),
            new Field<>(SessionRecord::hasOrigin, SessionRecord::getOrigin),
            new Field<>(SessionRecord::hasClaim, SessionRecord::getClaim),
            new Field<>(SessionRecord::hasCheckpointed, SessionRecord::getCheckpointed),
            claim -> SessionRecord.newBuilder().setClaim(claim).build(),
            marker -> SessionRecord.newBuilder().setCheckpointed(marker).build());

    private RecordCodecs() {}

    /// A field of a record that may be absent.
    private record Field<R, T>(Predicate<R> isPresent, Function<R, T> value) {
        @Nullable
        T of(R record) {
            return isPresent.test(record) ? value.apply(record) : null;
        }
    }

    /// The codec of one log: generated records have no common type for the fields that the runtime reads.
    private record ProtoCodec<R extends Message>(
            Parser<R> parser,
            Field<R, Origin> origins,
            Field<R, Claim> claims,
            Field<R, Checkpointed> markers,
            Function<Claim, R> ofClaim,
            Function<Checkpointed, R> ofMarker)
            implements RecordCodec<R> {
        @Override
        public R parse(byte[] bytes) throws InvalidProtocolBufferException {
            return parser.parseFrom(bytes);
        }

        @Override
        public @Nullable Origin origin(R record) {
            return origins.of(record);
        }

        @Override
        public @Nullable Claim claim(R record) {
            return claims.of(record);
        }

        @Override
        public @Nullable Checkpointed checkpointed(R record) {
            return markers.of(record);
        }

        @Override
        public byte[] encode(Claim claim) {
            return ofClaim.apply(claim).toByteArray();
        }

        @Override
        public byte[] encode(Checkpointed marker) {
            return ofMarker.apply(marker).toByteArray();
        }
    }
}
