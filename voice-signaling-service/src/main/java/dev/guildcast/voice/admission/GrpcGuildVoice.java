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

/// Asks the owner of the guild's shard. Every owner has a guard of its own: one that is slow or dead costs only its own
/// guilds their answer.
final class GrpcGuildVoice implements GuildVoice {
    private static final long DEADLINE_MILLIS = 10_000;

    private final Topology topology;
    private final ShardMapView map;
    private final Function<String, Channel> channels;
    private final Function<String, CallGuard> guards;

    /// @param channels the channel to an address, kept by whoever gives it
    /// @param guards the guard of an address
    GrpcGuildVoice(
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
    public Mono<Admission> admit(long guild, long channel, long user) {
        return ask(guild, channel, user, false);
    }

    @Override
    public Mono<Admission> settled(long guild, long channel, long user) {
        return ask(guild, channel, user, true);
    }

    private Mono<Admission> ask(long guild, long channel, long user, boolean afterLogEnd) {
        return Mono.defer(() -> {
            var owner = map.owner(topology.guildShard(guild));
            if (owner.isEmpty()) {
                return Mono.error(Status.UNAVAILABLE
                        .withDescription("the guild's shard has no owner")
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
                    .around(GrpcCall.<VoiceJoinResponse>unary(answer -> GuildQueryGrpc.newStub(channels.apply(address))
                            .withDeadlineAfter(DEADLINE_MILLIS, TimeUnit.MILLISECONDS)
                            .voiceJoin(request, answer)))
                    .map(GrpcGuildVoice::admission);
        });
    }

    private static Admission admission(VoiceJoinResponse answer) {
        return new Admission(
                verdict(answer.getVerdict()),
                answer.getMember().toStringUtf8(),
                answer.getCurrentChannelId(),
                answer.getCurrentSessionId(),
                answer.getServerMute(),
                answer.getServerDeaf(),
                answer.getRegion());
    }

    private static Verdict verdict(VoiceJoinResponse.Verdict verdict) {
        return switch (verdict) {
            case ALLOWED -> Verdict.ALLOWED;
            case NO_SUCH_CHANNEL -> Verdict.NO_SUCH_CHANNEL;
            case NO_PERMISSION -> Verdict.NO_PERMISSION;
            case FULL -> Verdict.FULL;
            case NOT_A_MEMBER, VERDICT_UNSPECIFIED, UNRECOGNIZED -> Verdict.NOT_A_MEMBER;
        };
    }
}
