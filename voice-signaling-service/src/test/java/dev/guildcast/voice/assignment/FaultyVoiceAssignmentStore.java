package dev.guildcast.voice.assignment;

import dev.guildcast.voice.VoiceServer;
import dev.guildcast.voice.VoiceState;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/// A store that a test can make fail, hang or lose its data.
public final class FaultyVoiceAssignmentStore implements VoiceAssignmentStore {
    public enum Behavior {
        HEALTHY,
        FAILING,
        HANGING
    }

    public volatile Behavior behavior = Behavior.HEALTHY;
    private final Clock clock;
    private VoiceAssignmentStore delegate;

    public FaultyVoiceAssignmentStore(Clock clock) {
        this.clock = clock;
        this.delegate = new MemoryVoiceAssignmentStore(clock, Duration.ofSeconds(6));
    }

    public void wipe() {
        delegate = new MemoryVoiceAssignmentStore(clock, Duration.ofSeconds(6));
    }

    @Override
    public Mono<Void> renewServer(VoiceServer server, double load) {
        return call(() -> delegate.renewServer(server, load));
    }

    @Override
    public Mono<Void> removeServer(VoiceServer server) {
        return call(() -> delegate.removeServer(server));
    }

    @Override
    public Mono<Optional<VoiceServer>> findServer(String id) {
        return call(() -> delegate.findServer(id));
    }

    @Override
    public Mono<List<ServerLoad>> leastLoadedServers(String region, int max) {
        return call(() -> delegate.leastLoadedServers(region, max));
    }

    @Override
    public Mono<List<String>> regions() {
        return call(() -> delegate.regions());
    }

    @Override
    public Mono<StoredGuild> load(long guild) {
        return call(() -> delegate.load(guild));
    }

    @Override
    public Mono<Assignment> assign(long guild, long expectedVersion, String server) {
        return call(() -> delegate.assign(guild, expectedVersion, server));
    }

    @Override
    public Mono<Long> putState(VoiceState state) {
        return call(() -> delegate.putState(state));
    }

    @Override
    public Mono<Void> restoreGuild(long guild, StoredGuild known) {
        return call(() -> delegate.restoreGuild(guild, known));
    }

    @Override
    public Mono<Collection<Long>> guildsOf(long user) {
        return call(() -> delegate.guildsOf(user));
    }

    /// A hanging call is ended by the guard's time limit; here that is short.
    private <T> Mono<T> call(Supplier<Mono<T>> call) {
        return Mono.defer(() -> switch (behavior) {
            case HEALTHY -> call.get();
            case FAILING -> Mono.error(new IllegalStateException("the store is unavailable"));
            case HANGING -> Mono.<T>never().timeout(Duration.ofMillis(20)).onErrorMap(TimeoutException.class, e -> e);
        });
    }
}
