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
import dev.guildcast.fanout.shard.GuildShardRegistry;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.stereotype.Service;

/// `GuildQuery`: runs a query on the loop of the guild's shard, if its live owner is here.
///
/// Never blocks the gRPC thread. A member stream sends its next page when the client can receive one.
@Service
class GrpcGuildQueryEndpoint extends GuildQueryGrpc.GuildQueryImplBase {
    private static final String DOMAIN = "guildcast.dev";

    private final Topology topology;
    private final GuildShardRegistry shards;

    GrpcGuildQueryEndpoint(Topology topology, GuildShardRegistry shards) {
        this.topology = topology;
        this.shards = shards;
    }

    @Override
    public void explain(ExplainRequest request, StreamObserver<ExplainResponse> responseObserver) {
        respondOnce(request.getGuildId(), handler -> handler.explain(request), responseObserver);
    }

    @Override
    public void stats(StatsRequest request, StreamObserver<StatsResponse> responseObserver) {
        respondOnce(request.getGuildId(), handler -> handler.stats(request.getGuildId()), responseObserver);
    }

    @Override
    public void voiceJoin(VoiceJoinRequest request, StreamObserver<VoiceJoinResponse> responseObserver) {
        if (!request.getAfterLogEnd()) {
            respondOnce(request.getGuildId(), handler -> handler.voiceJoin(request), responseObserver);
            return;
        }
        var running = shards.find(topology.guildShard(request.getGuildId())).orElse(null);
        // A shard that loses ownership meanwhile sends no response; the caller has a deadline.
        boolean submitted = running != null
                && running.process().execute(() -> {
                    if (running.process().live()) {
                        running.process()
                                .afterReadBarrier(() -> respondOnce(
                                        request.getGuildId(), handler -> handler.voiceJoin(request), responseObserver));
                    } else {
                        responseObserver.onError(notOwner());
                    }
                });
        if (!submitted) {
            responseObserver.onError(notOwner());
        }
    }

    @Override
    public void members(MembersQuery request, StreamObserver<MembersPage> responseObserver) {
        var stream = new MembersStream(request, (ServerCallStreamObserver<MembersPage>) responseObserver);
        stream.start();
    }

    private <T> void respondOnce(
            long guild, Function<GuildQueryHandler, Optional<T>> query, StreamObserver<T> responseObserver) {
        runOnShard(
                guild,
                query,
                found -> {
                    responseObserver.onNext(found);
                    responseObserver.onCompleted();
                },
                responseObserver);
    }

    private <T> void runOnShard(
            long guild,
            Function<GuildQueryHandler, Optional<T>> query,
            java.util.function.Consumer<T> onResult,
            StreamObserver<?> responseObserver) {
        var running = shards.find(topology.guildShard(guild)).orElse(null);
        boolean submitted = running != null
                && running.process().execute(() -> {
                    if (!running.process().live()) {
                        responseObserver.onError(notOwner());
                        return;
                    }
                    try {
                        Optional<T> found = query.apply(new GuildQueryHandler(running.machine()));
                        if (found.isPresent()) {
                            onResult.accept(found.get());
                        } else {
                            responseObserver.onError(failure(Status.Code.NOT_FOUND, "UNKNOWN_GUILD", "no such guild"));
                        }
                    } catch (RuntimeException bug) {
                        responseObserver.onError(
                                failure(Status.Code.INTERNAL, "INTERNAL", "the query failed by a bug"));
                    }
                });
        if (!submitted) {
            responseObserver.onError(notOwner());
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

    /// Pages of members, one requested at a time.
    private final class MembersStream {
        private final MembersQuery query;
        private final ServerCallStreamObserver<MembersPage> out;
        private boolean pageRequested;
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
            if (!done && !pageRequested && out.isReady()) {
                pageRequested = true;
                runOnShard(
                        query.getGuildId(),
                        handler -> handler.members(
                                query.toBuilder().setAfterUserId(after).build()),
                        this::onPage,
                        out);
            }
        }

        private synchronized void onPage(MembersPage page) {
            pageRequested = false;
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
