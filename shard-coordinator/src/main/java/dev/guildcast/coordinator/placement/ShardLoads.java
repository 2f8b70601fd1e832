package dev.guildcast.coordinator.placement;

import dev.guildcast.contract.ShardId;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/// How heavy each shard is, in thousandths of a core: a base that makes idle shards count, and smoothed CPU time.
///
/// - **Owner:** the leader's loop.
/// - **Bound:** one entry a shard.
/// - **Promise:** shards of one kind weigh the same until something is known of them.
public final class ShardLoads {
    /// What a shard weighs however idle it is: below that, differences are noise and not worth a move.
    static final double BASE = 25;

    /// Reports closer together than this are gathered: their quotient would be noise.
    private static final long STEP_MILLIS_MIN = 200;

    private final double halfLifeMillis;
    private final Map<ShardId, Measured> measured = new HashMap<>();

    public ShardLoads(Duration halfLife) {
        this.halfLifeMillis = halfLife.toMillis();
    }

    /// CPU time that the shard's loop used since the owner's last report.
    public void report(ShardId shard, long cpuMicros, long nowMillis) {
        var before = measured.get(shard);
        if (before == null) {
            // The span before the first report is unknown, so its CPU time says nothing yet.
            measured.put(shard, new Measured(0, false, nowMillis, 0));
            return;
        }
        long micros = before.pendingMicros + Math.max(0, cpuMicros);
        long span = nowMillis - before.atMillis;
        if (span < STEP_MILLIS_MIN) {
            measured.put(shard, new Measured(before.load, before.known, before.atMillis, micros));
            return;
        }
        // Microseconds of CPU a millisecond of time are thousandths of a core.
        double now = (double) micros / span;
        double keep = before.known ? Math.pow(0.5, span / halfLifeMillis) : 0;
        measured.put(shard, new Measured(keep * before.load + (1 - keep) * now, true, nowMillis, 0));
    }

    /// The weights as they stand.
    public ShardWeights weights() {
        var known = new HashMap<ShardId, Double>();
        var sums = new EnumMap<ShardId.Kind, double[]>(ShardId.Kind.class);
        measured.forEach((shard, entry) -> {
            if (entry.known) {
                known.put(shard, BASE + entry.load);
                double[] sum = sums.computeIfAbsent(shard.kind(), kind -> new double[2]);
                sum[0] += entry.load;
                sum[1]++;
            }
        });
        var means = new EnumMap<ShardId.Kind, Double>(ShardId.Kind.class);
        sums.forEach((kind, sum) -> means.put(kind, BASE + sum[0] / sum[1]));
        return shard -> known.getOrDefault(shard, means.getOrDefault(shard.kind(), BASE));
    }

    private record Measured(double load, boolean known, long atMillis, long pendingMicros) {}
}
