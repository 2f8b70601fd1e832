package dev.guildcast.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.v1.Role;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MeterShardGaugesTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final List<ShardStatus> shards = new ArrayList<>();

    @Test
    void theWorstShardOfTheKindIsShown() {
        MeterShardGauges.register(registry, ShardId.Kind.GUILD, () -> shards);
        assertThat(seconds("guildcast.shard.lag")).isZero();
        shards.add(status(ShardId.guild(0), true, 40, 1_000, 3));
        shards.add(status(ShardId.guild(1), true, 2_500, 500, 4));
        shards.add(status(ShardId.guild(2), false, 10, 900_000, 5_000));
        shards.add(status(ShardId.user(0), true, 9_000, 9_000, 9));
        assertThat(seconds("guildcast.shard.lag")).isEqualTo(2.5);
        assertThat(seconds("guildcast.shard.checkpoint.age"))
                .as("followers take no checkpoints")
                .isEqualTo(1.0);
        assertThat(value("guildcast.shard.live")).isEqualTo(2);
        assertThat(value("guildcast.shard.queue")).isEqualTo(7);
    }

    /// The registry holds the subject of a gauge weakly unless it is told otherwise, and then shows NaN.
    @Test
    void theGaugesOutliveACollection() {
        MeterShardGauges.register(registry, ShardId.Kind.GUILD, () -> shards);
        shards.add(status(ShardId.guild(0), true, 40, 1_000, 3));
        collectGarbage();
        assertThat(registry.getMeters()).hasSize(4);
        for (var meter : registry.getMeters()) {
            assertThat(meter.measure().iterator().next().getValue())
                    .as(meter.getId().getName())
                    .isNotNaN();
        }
    }

    private static void collectGarbage() {
        var collected = new WeakReference<>(new Object());
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            System.gc();
            return collected.get() == null;
        });
    }

    private double seconds(String name) {
        return registry.get(name).tag("kind", "guild").timeGauge().value(TimeUnit.SECONDS);
    }

    private double value(String name) {
        return registry.get(name).tag("kind", "guild").gauge().value();
    }

    private static ShardStatus status(ShardId id, boolean live, long lag, long checkpointAge, int outbox) {
        return new ShardStatus(id, live ? Role.LIVE : Role.FOLLOWING, 1, 10, lag, live, 0, checkpointAge, outbox, null);
    }
}
