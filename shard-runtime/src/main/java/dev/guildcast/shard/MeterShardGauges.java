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

/// State of the shards of one kind on this node, as gauges; times are those of the worst shard.
///
/// - **Bound:** four gauges per kind, whatever the number of shards.
public final class MeterShardGauges {
    private final Supplier<List<ShardStatus>> statuses;
    private final ShardId.Kind kind;

    private MeterShardGauges(Supplier<List<ShardStatus>> statuses, ShardId.Kind kind) {
        this.statuses = statuses;
        this.kind = kind;
    }

    /// @param statuses the shards of this node, of any kind; called at each scrape
    public static void register(MeterRegistry registry, ShardId.Kind kind, Supplier<List<ShardStatus>> statuses) {
        var gauges = new MeterShardGauges(statuses, kind);
        var tag = kind.name().toLowerCase(Locale.ROOT);
        TimeGauge.builder("guildcast.shard.lag", gauges, TimeUnit.MILLISECONDS, MeterShardGauges::lagMillis)
                .description("Age of the last record applied by the shard that lags most; 0 at the end of all logs")
                .tag("kind", tag)
                .strongReference(true)
                .register(registry);
        TimeGauge.builder(
                        "guildcast.shard.checkpoint.age",
                        gauges,
                        TimeUnit.MILLISECONDS,
                        MeterShardGauges::checkpointAgeMillis)
                .description("Age of the oldest checkpoint of an owned shard with records after it; 0 if there is none")
                .tag("kind", tag)
                .strongReference(true)
                .register(registry);
        Gauge.builder("guildcast.shard.live", gauges, MeterShardGauges::live)
                .description("Shards that this process serves as the live owner")
                .tag("kind", tag)
                .strongReference(true)
                .register(registry);
        Gauge.builder("guildcast.shard.queue", gauges, MeterShardGauges::queue)
                .description("Records that owned shards here have queued or in flight to other logs")
                .tag("kind", tag)
                .strongReference(true)
                .register(registry);
    }

    private Stream<ShardStatus> ofKind() {
        return statuses.get().stream().filter(each -> each.shard().kind() == kind);
    }

    private double lagMillis() {
        return ofKind().mapToLong(ShardStatus::lagMillis).max().orElse(0);
    }

    /// Only of owners: a follower takes no checkpoints.
    private double checkpointAgeMillis() {
        return ofKind().filter(ShardStatus::live)
                .mapToLong(ShardStatus::checkpointAgeMillis)
                .max()
                .orElse(0);
    }

    private double live() {
        return ofKind().filter(ShardStatus::live).count();
    }

    private double queue() {
        return ofKind().filter(ShardStatus::live).mapToInt(ShardStatus::outbox).sum();
    }
}
