package dev.guildcast.coordinator.placement;

import dev.guildcast.contract.ShardId;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/// The weight of each shard in thousandths of a core: a base, so that idle shards count, plus smoothed CPU time.
///
/// - **Owner:** the leader's loop.
/// - **Bound:** one entry a shard.
/// - **Promise:** shards of one kind have the same weight until they are measured.
public final class ShardLoads {
    /// The weight of an idle shard: smaller differences are noise and not worth a move.
    static final double BASE_WEIGHT = 25;

    /// Reports closer together than this are merged: the load of so short a time would be noise.
    private static final long SAMPLE_MILLIS_MIN = 200;

    private final double halfLifeMillis;
    private final Map<ShardId, LoadSample> samples = new HashMap<>();

    public ShardLoads(Duration halfLife) {
        this.halfLifeMillis = halfLife.toMillis();
    }

    /// CPU time that the shard's loop used since the owner's last report.
    public void report(ShardId shard, long cpuMicros, long nowMillis) {
        var previous = samples.get(shard);
        if (previous == null) {
            // The time before the first report is unknown, so its CPU time gives no load yet.
            samples.put(shard, new LoadSample(0, false, nowMillis, 0));
            return;
        }
        long micros = previous.pendingMicros + Math.max(0, cpuMicros);
        long spanMillis = nowMillis - previous.atMillis;
        if (spanMillis < SAMPLE_MILLIS_MIN) {
            samples.put(shard, new LoadSample(previous.load, previous.known, previous.atMillis, micros));
            return;
        }
        // Microseconds of CPU per millisecond of time are thousandths of a core.
        double now = (double) micros / spanMillis;
        double decay = previous.known ? Math.pow(0.5, spanMillis / halfLifeMillis) : 0;
        samples.put(shard, new LoadSample(decay * previous.load + (1 - decay) * now, true, nowMillis, 0));
    }

    /// The current weights; an unmeasured shard has the mean of its kind.
    public ShardWeights weights() {
        var known = new HashMap<ShardId, Double>();
        var sums = new EnumMap<ShardId.Kind, double[]>(ShardId.Kind.class);
        samples.forEach((shard, entry) -> {
            if (entry.known) {
                known.put(shard, BASE_WEIGHT + entry.load);
                double[] sum = sums.computeIfAbsent(shard.kind(), kind -> new double[2]);
                sum[0] += entry.load;
                sum[1]++;
            }
        });
        var means = new EnumMap<ShardId.Kind, Double>(ShardId.Kind.class);
        sums.forEach((kind, sum) -> means.put(kind, BASE_WEIGHT + sum[0] / sum[1]));
        return shard -> known.getOrDefault(shard, means.getOrDefault(shard.kind(), BASE_WEIGHT));
    }

    private record LoadSample(double load, boolean known, long atMillis, long pendingMicros) {}
}
