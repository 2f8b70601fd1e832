package dev.guildcast.voice.permission;

import dev.guildcast.audience.v1.GuildQueryGrpc;
import dev.guildcast.audience.v1.VoiceJoinRequest;
import dev.guildcast.audience.v1.VoiceJoinResponse;
import dev.guildcast.contract.Topology;
import dev.guildcast.shard.call.GrpcOwnerClient;
import io.grpc.Status;
import reactor.core.publisher.Mono;

/// Queries the owner of the guild's shard. A slow or dead owner affects only the guilds of its own shards.
final class GrpcGuildVoiceQuery implements GuildVoiceQuery {
    /// A guild that was deleted, or never published, has no members.
    private static final Admission NO_MEMBER = toAdmission(VoiceJoinResponse.newBuilder()
            .setVerdict(VoiceJoinResponse.Verdict.NOT_A_MEMBER)
            .build());

    private final Topology topology;
    private final GrpcOwnerClient owners;

    GrpcGuildVoiceQuery(Topology topology, GrpcOwnerClient owners) {
        this.topology = topology;
        this.owners = owners;
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
        var request = VoiceJoinRequest.newBuilder()
                .setGuildId(guild)
                .setChannelId(channel)
                .setUserId(user)
                .setAfterLogEnd(afterLogEnd)
                .build();
        return owners.<GuildQueryGrpc.GuildQueryStub, VoiceJoinResponse>call(
                        topology.guildShard(guild),
                        GuildQueryGrpc::newStub,
                        (stub, responses) -> stub.voiceJoin(request, responses))
                .map(GrpcGuildVoiceQuery::toAdmission)
                .onErrorResume(GrpcGuildVoiceQuery::isUnknownGuild, failure -> Mono.just(NO_MEMBER));
    }

    /// The only reason why a live owner answers so.
    private static boolean isUnknownGuild(Throwable failure) {
        return Status.fromThrowable(failure).getCode() == Status.Code.NOT_FOUND;
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
