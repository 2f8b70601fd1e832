package dev.guildcast.fanout.query;

import com.google.protobuf.Any;
import com.google.rpc.ErrorInfo;
import dev.guildcast.audience.v1.ExplainRequest;
import dev.guildcast.audience.v1.ExplainResponse;
import dev.guildcast.audience.v1.GuildQueryGrpc;
import dev.guildcast.audience.v1.MembersPage;
import dev.guildcast.audience.v1.MembersQuery;
import dev.guildcast.audience.v1.StatsRequest;
import dev.guildcast.audience.v1.StatsResponse;
import dev.guildcast.audience.v1.VoiceJoinRequest;
import dev.guildcast.audience.v1.VoiceJoinResponse;
import dev.guildcast.contract.Topology;
import dev.guildcast.fanout.shard.GuildShards;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.stereotype.Service;

/// `GuildQuery`: hands a question to the loop of the guild's shard, if its live owner is here.
///
/// Never blocks the gRPC thread it comes on. A member stream sends its next page when the one before could be taken.
@Service
class GrpcGuildQueryEndpoint extends GuildQueryGrpc.GuildQueryImplBase {
    private static final String DOMAIN = "guildcast.dev";

    private final Topology topology;
    private final GuildShards shards;

    GrpcGuildQueryEndpoint(Topology topology, GuildShards shards) {
        this.topology = topology;
        this.shards = shards;
    }

    @Override
    public void explain(ExplainRequest request, StreamObserver<ExplainResponse> answer) {
        once(request.getGuildId(), answers -> answers.explain(request), answer);
    }

    @Override
    public void stats(StatsRequest request, StreamObserver<StatsResponse> answer) {
        once(request.getGuildId(), answers -> answers.stats(request.getGuildId()), answer);
    }

    @Override
    public void voiceJoin(VoiceJoinRequest request, StreamObserver<VoiceJoinResponse> answer) {
        if (!request.getAfterLogEnd()) {
            once(request.getGuildId(), answers -> answers.voiceJoin(request), answer);
            return;
        }
        var running = shards.find(topology.guildShard(request.getGuildId())).orElse(null);
        // A shard that stops being live meanwhile says nothing; the caller has a deadline.
        boolean asked = running != null
                && running.process().execute(() -> {
                    if (running.process().live()) {
                        running.process()
                                .afterLogEnd(() ->
                                        once(request.getGuildId(), answers -> answers.voiceJoin(request), answer));
                    } else {
                        answer.onError(notOwner());
                    }
                });
        if (!asked) {
            answer.onError(notOwner());
        }
    }

    @Override
    public void members(MembersQuery request, StreamObserver<MembersPage> answer) {
        var stream = new MembersStream(request, (ServerCallStreamObserver<MembersPage>) answer);
        stream.start();
    }

    private <T> void once(long guild, Function<GuildAnswers, Optional<T>> question, StreamObserver<T> answer) {
        ask(
                guild,
                question,
                found -> {
                    answer.onNext(found);
                    answer.onCompleted();
                },
                answer);
    }

    private <T> void ask(
            long guild,
            Function<GuildAnswers, Optional<T>> question,
            java.util.function.Consumer<T> taken,
            StreamObserver<?> answer) {
        var running = shards.find(topology.guildShard(guild)).orElse(null);
        boolean asked = running != null
                && running.process().execute(() -> {
                    if (!running.process().live()) {
                        answer.onError(notOwner());
                        return;
                    }
                    try {
                        Optional<T> found = question.apply(new GuildAnswers(running.machine()));
                        if (found.isPresent()) {
                            taken.accept(found.get());
                        } else {
                            answer.onError(failure(Status.Code.NOT_FOUND, "UNKNOWN_GUILD", "no such guild"));
                        }
                    } catch (RuntimeException bug) {
                        answer.onError(failure(Status.Code.INTERNAL, "INTERNAL", "the question failed"));
                    }
                });
        if (!asked) {
            answer.onError(notOwner());
        }
    }

    private static StatusRuntimeException notOwner() {
        return failure(Status.Code.UNAVAILABLE, "NOT_OWNER", "the guild's shard is not owned here");
    }

    private static StatusRuntimeException failure(Status.Code code, String reason, String message) {
        return StatusProto.toStatusRuntimeException(com.google.rpc.Status.newBuilder()
                .setCode(code.value())
                .setMessage(message)
                .addDetails(Any.pack(ErrorInfo.newBuilder()
                        .setReason(reason)
                        .setDomain(DOMAIN)
                        .build()))
                .build());
    }

    /// Pages of members, one on its way at a time.
    private final class MembersStream {
        private final MembersQuery query;
        private final ServerCallStreamObserver<MembersPage> out;
        private boolean asking;
        private boolean done;
        private long after;

        MembersStream(MembersQuery query, ServerCallStreamObserver<MembersPage> out) {
            this.query = query;
            this.out = out;
            this.after = query.getAfterUserId();
        }

        void start() {
            out.setOnReadyHandler(this::next);
        }

        private synchronized void next() {
            if (!done && !asking && out.isReady()) {
                asking = true;
                ask(
                        query.getGuildId(),
                        answers -> answers.members(
                                query.toBuilder().setAfterUserId(after).build()),
                        this::onPage,
                        out);
            }
        }

        private synchronized void onPage(MembersPage page) {
            asking = false;
            if (page.getUserIdsCount() == 0) {
                done = true;
                out.onCompleted();
                return;
            }
            after = page.getUserIds(page.getUserIdsCount() - 1);
            out.onNext(page);
            next();
        }
    }
}
