package dev.guildcast.fanout.presence;

import dev.guildcast.presence.v1.GetPresences;
import dev.guildcast.presence.v1.PresenceStatesGrpc;
import dev.guildcast.presence.v1.Presences;
import dev.guildcast.shard.call.CallGuard;
import dev.guildcast.shard.call.GrpcCall;
import io.grpc.Channel;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Fetches from the presence service, behind a circuit breaker, a bulkhead and a time limit.
public final class GrpcPresenceSource implements PresenceSource {
    /// Above the time limit of the guard, so that this deadline only frees the call of a server that never responds.
    private static final long DEADLINE_MILLIS = 5_000;

    private final PresenceStatesGrpc.PresenceStatesStub stub;
    private final CallGuard guard;

    public GrpcPresenceSource(Channel channel, CallGuard guard) {
        this.stub = PresenceStatesGrpc.newStub(channel);
        this.guard = guard;
    }

    @Override
    public CompletableFuture<Map<Long, PresenceSnapshot>> fetch(Collection<Long> users) {
        var request = GetPresences.newBuilder().addAllUsers(users).build();
        var future = new CompletableFuture<Map<Long, PresenceSnapshot>>();
        guard.around(GrpcCall.<Presences>unary(
                        observer -> stub.withDeadlineAfter(DEADLINE_MILLIS, TimeUnit.MILLISECONDS)
                                .get(request, observer)))
                .defaultIfEmpty(Presences.getDefaultInstance())
                .subscribe(response -> future.complete(read(response)), future::completeExceptionally);
        return future;
    }

    private static Map<Long, PresenceSnapshot> read(Presences response) {
        var presences = new TreeMap<Long, PresenceSnapshot>();
        response.getUsersList().forEach(user -> presences.put(user.getUserId(), PresenceSnapshot.of(user)));
        return presences;
    }
}
