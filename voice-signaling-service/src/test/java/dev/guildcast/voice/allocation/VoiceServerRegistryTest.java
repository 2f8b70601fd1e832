package dev.guildcast.voice.allocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.voice.VoiceProperties;
import dev.guildcast.voice.VoiceServer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// How guilds spread over voice servers.
class VoiceServerRegistryTest {
    private static final int SERVERS = 50;
    private static final long SEED = 20_261_201;
    private static final double WEIGHT = 0.001;

    private final VoiceServerRegistry registry = new VoiceServerRegistry(
            new VoiceProperties(
                    VoiceProperties.Store.MEMORY,
                    Duration.ofSeconds(6),
                    Duration.ofSeconds(2),
                    "local",
                    WEIGHT,
                    Duration.ofMinutes(5),
                    Duration.ofHours(1),
                    1000),
            new Random(SEED));

    @Test
    void spreadsABurstEvenlyBeforeAnyServerReportsIt() {
        register(SERVERS);
        int[] guilds = assign(SERVERS * 100);
        double max = Arrays.stream(guilds).max().orElseThrow();
        assertThat(max / 100)
                .as("max/mean, seed %d: %s", SEED, Arrays.toString(guilds))
                .isLessThanOrEqualTo(1.1);
    }

    @Test
    void drawsNoDrainingServerAndAFullOneOnlyIfThereIsNoOther() {
        register(3);
        load(0, 0.2, true);
        load(1, 1, false);
        load(2, 0.9, false);
        assertThat(assign(50)[2]).isEqualTo(50);
        load(2, 0.1, true);
        assertThat(assign(50)[1]).isEqualTo(50);
        load(1, 0.1, true);
        assertThat(registry.lessLoadedOfTwo("local")).isEmpty();
        assertThat(registry.lessLoadedOfTwo("elsewhere")).isEmpty();
    }

    private int[] assign(int count) {
        var guilds = new int[SERVERS];
        for (int i = 0; i < count; i++) {
            var server = registry.lessLoadedOfTwo("local").orElseThrow();
            registry.onAssigned(server.id());
            guilds[Integer.parseInt(server.id())]++;
        }
        return guilds;
    }

    private void register(int count) {
        for (int i = 0; i < count; i++) {
            registry.onHello(new VoiceServer(Integer.toString(i), "local", "gateway:443", ""), order -> {}, 0);
            load(i, 0.1, false);
        }
    }

    private void load(int server, double load, boolean draining) {
        registry.onReport(Integer.toString(server), load, List.of(), draining, 0);
    }
}
