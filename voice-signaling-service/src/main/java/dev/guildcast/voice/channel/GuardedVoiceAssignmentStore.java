package dev.guildcast.voice.channel;

import dev.guildcast.shard.call.CallGuard;
import dev.guildcast.voice.VoiceServer;
import dev.guildcast.voice.VoiceState;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Mono;

/// A store behind a breaker: a call ends within the guard's time limit, one way or the other.
public record GuardedVoiceAssignmentStore(VoiceAssignmentStore store, CallGuard guard) implements VoiceAssignmentStore {
    @Override
    public Mono<Void> alive(VoiceServer server, double load) {
        return guard.around(store.alive(server, load));
    }

    @Override
    public Mono<Void> gone(VoiceServer server) {
        return guard.around(store.gone(server));
    }

    @Override
    public Mono<Optional<VoiceServer>> server(String id) {
        return guard.around(store.server(id));
    }

    @Override
    public Mono<List<Loaded>> servers(String region, int max) {
        return guard.around(store.servers(region, max));
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
    public Mono<Assignment> assign(long guild, long expected, String server) {
        return guard.around(store.assign(guild, expected, server));
    }

    @Override
    public Mono<Long> put(VoiceState state) {
        return guard.around(store.put(state));
    }

    @Override
    public Mono<Void> restore(long guild, StoredGuild known) {
        return guard.around(store.restore(guild, known));
    }

    @Override
    public Mono<Collection<Long>> guildsOf(long user) {
        return guard.around(store.guildsOf(user));
    }
}
