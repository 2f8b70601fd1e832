package dev.guildcast.shard;

import dev.guildcast.contract.ShardId;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// How the shards of one kind fare on this node, as gauges; the worst shard speaks for all.
///
/// - **Bound:** four gauges a kind, whatever the number of shards.
public final class MeterShardGauges {
    private final Supplier<List<ShardStatus>> statuses;
    private final ShardId.Kind kind;

    private MeterShardGauges(Supplier<List<ShardStatus>> statuses, ShardId.Kind kind) {
        this.statuses = statuses;
        this.kind = kind;
    }

    /// @param statuses the shards of this node, of any kind; asked at each scrape
    public static void register(MeterRegistry registry, ShardId.Kind kind, Supplier<List<ShardStatus>> statuses) {
        var gauges = new MeterShardGauges(statuses, kind);
        var tag = kind.name().toLowerCase(Locale.ROOT);
        TimeGauge.builder("guildcast.shard.lag", gauges, TimeUnit.MILLISECONDS, MeterShardGauges::lagMillis)
                .description("Age of the oldest record that a shard here has not applied")
                .tag("kind", tag)
                .register(registry);
        TimeGauge.builder(
                        "guildcast.shard.checkpoint.age",
                        gauges,
                        TimeUnit.MILLISECONDS,
                        MeterShardGauges::checkpointAgeMillis)
                .description("Time since the last checkpoint of the owned shard that waits longest")
                .tag("kind", tag)
                .register(registry);
        Gauge.builder("guildcast.shard.live", gauges, MeterShardGauges::live)
                .description("Shards that this process answers for")
                .tag("kind", tag)
                .register(registry);
        Gauge.builder("guildcast.shard.queue", gauges, MeterShardGauges::queue)
                .description("Records that owned shards here have staged or on their way to other logs")
                .tag("kind", tag)
                .register(registry);
    }

    private Stream<ShardStatus> own() {
        return statuses.get().stream().filter(each -> each.shard().kind() == kind);
    }

    private double lagMillis() {
        return own().mapToLong(ShardStatus::lagMillis).max().orElse(0);
    }

    /// A follower takes no checkpoints: only owners are asked.
    private double checkpointAgeMillis() {
        return own().filter(ShardStatus::live)
                .mapToLong(ShardStatus::checkpointAgeMillis)
                .max()
                .orElse(0);
    }

    private double live() {
        return own().filter(ShardStatus::live).count();
    }

    private double queue() {
        return own().filter(ShardStatus::live).mapToInt(ShardStatus::outbox).sum();
    }
}
