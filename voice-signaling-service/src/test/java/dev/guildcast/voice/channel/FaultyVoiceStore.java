package dev.guildcast.voice.channel;

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

/// A store that a test breaks, silences and wipes.
public final class FaultyVoiceStore implements VoiceAssignmentStore {
    public enum Mood {
        WELL,
        FAILS,
        HANGS
    }

    public volatile Mood mood = Mood.WELL;
    private final Clock clock;
    private VoiceAssignmentStore store;

    public FaultyVoiceStore(Clock clock) {
        this.clock = clock;
        this.store = new MemoryVoiceAssignmentStore(clock, Duration.ofSeconds(6));
    }

    public void wipe() {
        store = new MemoryVoiceAssignmentStore(clock, Duration.ofSeconds(6));
    }

    @Override
    public Mono<Void> alive(VoiceServer server, double load) {
        return call(() -> store.alive(server, load));
    }

    @Override
    public Mono<Void> gone(VoiceServer server) {
        return call(() -> store.gone(server));
    }

    @Override
    public Mono<Optional<VoiceServer>> server(String id) {
        return call(() -> store.server(id));
    }

    @Override
    public Mono<List<Loaded>> servers(String region, int max) {
        return call(() -> store.servers(region, max));
    }

    @Override
    public Mono<List<String>> regions() {
        return call(() -> store.regions());
    }

    @Override
    public Mono<StoredGuild> load(long guild) {
        return call(() -> store.load(guild));
    }

    @Override
    public Mono<Assignment> assign(long guild, long expected, String server) {
        return call(() -> store.assign(guild, expected, server));
    }

    @Override
    public Mono<Long> put(VoiceState state) {
        return call(() -> store.put(state));
    }

    @Override
    public Mono<Void> restore(long guild, StoredGuild known) {
        return call(() -> store.restore(guild, known));
    }

    @Override
    public Mono<Collection<Long>> guildsOf(long user) {
        return call(() -> store.guildsOf(user));
    }

    /// A call that hangs ends at the limit of whoever guards it: soon, in a test.
    private <T> Mono<T> call(Supplier<Mono<T>> call) {
        return Mono.defer(() -> switch (mood) {
            case WELL -> call.get();
            case FAILS -> Mono.error(new IllegalStateException("the store is away"));
            case HANGS -> Mono.<T>never().timeout(Duration.ofMillis(20)).onErrorMap(TimeoutException.class, e -> e);
        });
    }
}
