package dev.guildcast.voice.assignment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.voice.VoiceServer;
import dev.guildcast.voice.VoiceState;
import dev.guildcast.voice.assignment.VoiceAssignmentStore.Assignment;
import dev.guildcast.voice.assignment.VoiceAssignmentStore.ServerLoad;
import dev.guildcast.voice.assignment.VoiceAssignmentStore.StoredGuild;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/// The contract of every [VoiceAssignmentStore].
abstract class VoiceAssignmentStoreContract {
    // A store may be shared: each test has guilds, users and regions of its own.
    private final long guild = ThreadLocalRandom.current().nextLong();
    private final long user = ThreadLocalRandom.current().nextLong();
    private final String region = "region-" + UUID.randomUUID();

    abstract VoiceAssignmentStore store();

    /// Lets the liveness time of the store pass.
    abstract void passLiveness();

    @Test
    void letsOneOfTwoConcurrentAssignmentsWin() {
        assertThat(get(store().assign(guild, 0, "a"))).isEqualTo(new Assignment("a", 1));
        assertThat(get(store().assign(guild, 0, "b"))).isEqualTo(new Assignment("a", 1));
        assertThat(get(store().assign(guild, 1, "b"))).isEqualTo(new Assignment("b", 2));
        assertThat(get(store().load(guild)).assignment()).isEqualTo(new Assignment("b", 2));
    }

    @Test
    void raisesTheRevisionWithEachChange() {
        assertThat(get(store().load(guild))).isEqualTo(StoredGuild.EMPTY);
        get(store().assign(guild, 0, "a"));
        long first = get(store().putState(state(1)));
        long second = get(store().putState(state(2)));
        assertThat(second).isGreaterThan(first).isEqualTo(3);
        assertThat(get(store().load(guild))).isEqualTo(new StoredGuild(new Assignment("a", 1), List.of(state(2)), 3));
    }

    @Test
    void removesTheStateOfAUserWhoLeft() {
        get(store().putState(state(1)));
        assertThat(get(store().guildsOf(user))).containsExactly(guild);
        get(store().putState(state(1).asLeft()));
        assertThat(get(store().load(guild)).states()).isEmpty();
        assertThat(get(store().guildsOf(user))).isEmpty();
    }

    @Test
    void restoresAGuildUnlessItsRevisionIsAsNew() {
        var known = new StoredGuild(new Assignment("a", 4), List.of(state(1)), 9);
        store().restoreGuild(guild, known).block(Duration.ofSeconds(5));
        assertThat(get(store().load(guild))).isEqualTo(known);
        assertThat(get(store().guildsOf(user))).containsExactly(guild);
        store().restoreGuild(guild, new StoredGuild(new Assignment("b", 1), List.of(), 9))
                .block(Duration.ofSeconds(5));
        assertThat(get(store().load(guild))).isEqualTo(known);
    }

    @Test
    void listsLiveServersOfARegionLeastLoadedFirst() {
        renewServer("busy", 0.9);
        renewServer("idle", 0.1);
        assertThat(get(store().leastLoadedServers(region, 9)))
                .containsExactly(new ServerLoad(server("idle"), 0.1), new ServerLoad(server("busy"), 0.9));
        assertThat(get(store().leastLoadedServers(region, 1))).hasSize(1);
        renewServer("idle", 0.95);
        assertThat(get(store().leastLoadedServers(region, 1))).containsExactly(new ServerLoad(server("busy"), 0.9));
        assertThat(get(store().regions())).contains(region);
        assertThat(get(store().findServer("busy-" + region))).contains(server("busy"));
    }

    @Test
    void removesExpiredAndRemovedServers() {
        renewServer("silent", 0.1);
        passLiveness();
        renewServer("gone", 0.1);
        renewServer("here", 0.5);
        store().removeServer(server("gone")).block(Duration.ofSeconds(5));
        assertThat(get(store().leastLoadedServers(region, 9)))
                .extracting(loaded -> loaded.server())
                .containsExactly(server("here"));
        assertThat(get(store().findServer("silent-" + region))).isEmpty();
        assertThat(get(store().findServer("gone-" + region))).isEqualTo(Optional.empty());
    }

    private void renewServer(String name, double load) {
        store().renewServer(server(name), load).block(Duration.ofSeconds(5));
    }

    private VoiceServer server(String name) {
        return new VoiceServer(name + "-" + region, region, "127.0.0.1:9", "key");
    }

    private VoiceState state(long channel) {
        return new VoiceState(guild, channel, user, "s", false, true, false, false, false, "{\"user\":{\"id\":\"1\"}}");
    }

    private static <T> T get(Mono<T> mono) {
        return mono.blockOptional(Duration.ofSeconds(5)).orElseThrow();
    }
}
