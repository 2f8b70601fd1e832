package dev.guildcast.voice.assignment;

import dev.guildcast.shard.call.CallGuard;
import dev.guildcast.voice.VoiceServer;
import dev.guildcast.voice.VoiceState;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Mono;

/// A store behind a circuit breaker: a call completes or fails within the guard's time limit.
public record GuardedVoiceAssignmentStore(VoiceAssignmentStore store, CallGuard guard) implements VoiceAssignmentStore {
    @Override
    public Mono<Void> renewServer(VoiceServer server, double load) {
        return guard.around(store.renewServer(server, load));
    }

    @Override
    public Mono<Void> removeServer(VoiceServer server) {
        return guard.around(store.removeServer(server));
    }

    @Override
    public Mono<Optional<VoiceServer>> findServer(String id) {
        return guard.around(store.findServer(id));
    }

    @Override
    public Mono<List<ServerLoad>> leastLoadedServers(String region, int max) {
        return guard.around(store.leastLoadedServers(region, max));
    }

    @Override
    public Mono<List<String>> regions() {
        return guard.around(store.regions());
    }

    @Override
    public Mono<StoredGuild> load(long guild) {
        return guard.around(store.load(guild));
    }

    @Override
    public Mono<Assignment> assign(long guild, long expectedVersion, String server) {
        return guard.around(store.assign(guild, expectedVersion, server));
    }

    @Override
    public Mono<Long> putState(VoiceState state) {
        return guard.around(store.putState(state));
    }

    @Override
    public Mono<Void> restoreGuild(long guild, StoredGuild known) {
        return guard.around(store.restoreGuild(guild, known));
    }

    @Override
    public Mono<Collection<Long>> guildsOf(long user) {
        return guard.around(store.guildsOf(user));
    }
}
