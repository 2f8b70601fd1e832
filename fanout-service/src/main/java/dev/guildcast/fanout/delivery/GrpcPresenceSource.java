package dev.guildcast.fanout.delivery;

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

/// Asks the presence service, behind a guard.
public final class GrpcPresenceSource implements PresenceSource {
    private static final long DEADLINE_MILLIS = 5_000;

    private final PresenceStatesGrpc.PresenceStatesStub stub;
    private final CallGuard guard;

    public GrpcPresenceSource(Channel channel, CallGuard guard) {
        this.stub = PresenceStatesGrpc.newStub(channel);
        this.guard = guard;
    }

    @Override
    public CompletableFuture<Map<Long, KnownPresence>> ask(Collection<Long> users) {
        var request = GetPresences.newBuilder().addAllUsers(users).build();
        var answer = new CompletableFuture<Map<Long, KnownPresence>>();
        guard.around(GrpcCall.<Presences>unary(
                        observer -> stub.withDeadlineAfter(DEADLINE_MILLIS, TimeUnit.MILLISECONDS)
                                .get(request, observer)))
                .defaultIfEmpty(Presences.getDefaultInstance())
                .subscribe(found -> answer.complete(read(found)), answer::completeExceptionally);
        return answer;
    }

    private static Map<Long, KnownPresence> read(Presences answer) {
        var read = new TreeMap<Long, KnownPresence>();
        answer.getUsersList().forEach(user -> read.put(user.getUserId(), KnownPresence.of(user)));
        return read;
    }
}
