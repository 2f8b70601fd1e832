package dev.guildcast.voice.admission;

import dev.guildcast.audience.v1.GuildQueryGrpc;
import dev.guildcast.audience.v1.VoiceJoinRequest;
import dev.guildcast.audience.v1.VoiceJoinResponse;
import dev.guildcast.contract.Topology;
import dev.guildcast.shard.ShardMapView;
import dev.guildcast.shard.call.CallGuard;
import dev.guildcast.shard.call.GrpcCall;
import io.grpc.Channel;
import io.grpc.Status;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/// Queries the owner of the guild's shard. Every owner has its own guard: a slow or dead owner affects only the guilds
/// of its own shards.
final class GrpcGuildVoiceQuery implements GuildVoiceQuery {
    /// Frees an abandoned call at the owner; the guard's time limit, 1 s by default, ends the wait here before that.
    private static final long DEADLINE_MILLIS = 10_000;

    private final Topology topology;
    private final ShardMapView map;
    private final Function<String, Channel> channels;
    private final Function<String, CallGuard> guards;

    /// @param channels the channel to an address; owned by its supplier
    /// @param guards the guard of an address
    GrpcGuildVoiceQuery(
            Topology topology,
            ShardMapView map,
            Function<String, Channel> channels,
            Function<String, CallGuard> guards) {
        this.topology = topology;
        this.map = map;
        this.channels = channels;
        this.guards = guards;
    }

    @Override
    public Mono<Admission> checkJoin(long guild, long channel, long user) {
        return query(guild, channel, user, false);
    }

    @Override
    public Mono<Admission> checkJoinAtLogEnd(long guild, long channel, long user) {
        return query(guild, channel, user, true);
    }

    private Mono<Admission> query(long guild, long channel, long user, boolean afterLogEnd) {
        return Mono.defer(() -> {
            var owner = map.owner(topology.guildShard(guild));
            if (owner.isEmpty()) {
                return Mono.error(Status.UNAVAILABLE
                        .withDescription("the guild's shard has no known owner; retry later")
                        .asRuntimeException());
            }
            var request = VoiceJoinRequest.newBuilder()
                    .setGuildId(guild)
                    .setChannelId(channel)
                    .setUserId(user)
                    .setAfterLogEnd(afterLogEnd)
                    .build();
            String address = owner.get().address();
            return guards.apply(address)
                    .around(GrpcCall.<VoiceJoinResponse>unary(
                            responses -> GuildQueryGrpc.newStub(channels.apply(address))
                                    .withDeadlineAfter(DEADLINE_MILLIS, TimeUnit.MILLISECONDS)
                                    .voiceJoin(request, responses)))
                    .map(GrpcGuildVoiceQuery::toAdmission);
        });
    }

    private static Admission toAdmission(VoiceJoinResponse response) {
        return new Admission(
                toVerdict(response.getVerdict()),
                response.getMember().toStringUtf8(),
                response.getCurrentChannelId(),
                response.getCurrentSessionId(),
                response.getServerMute(),
                response.getServerDeaf(),
                response.getRegion());
    }

    private static JoinVerdict toVerdict(VoiceJoinResponse.Verdict verdict) {
        return switch (verdict) {
            case ALLOWED -> JoinVerdict.ALLOWED;
            case NO_SUCH_CHANNEL -> JoinVerdict.NO_SUCH_CHANNEL;
            case NO_PERMISSION -> JoinVerdict.NO_PERMISSION;
            case FULL -> JoinVerdict.FULL;
            case NOT_A_MEMBER, VERDICT_UNSPECIFIED, UNRECOGNIZED -> JoinVerdict.NOT_A_MEMBER;
        };
    }
}
