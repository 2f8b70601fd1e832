package dev.guildcast.coordinator.shard;

import dev.guildcast.contract.ShardId;
import dev.guildcast.coordinator.placement.ShardLoads;
import dev.guildcast.coordinator.placement.ShardWeights;
import dev.guildcast.shard.v1.Role;
import dev.guildcast.shard.v1.ShardReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// What this leader has seen and when: not kept, for a new leader sees it again.
///
/// - **Owner:** the director.
/// - **Bound:** one entry for each (node, shard) that a living node reports or failed, and for each shard.
final class Sightings {
    /// After which a node that failed a shard may be asked again, if there is no other.
    private static final long RETRY_MILLIS = 1_000;

    private final SortedSet<String> connected = new TreeSet<>();
    private final SortedMap<String, Map<ShardId, Seen>> roles = new TreeMap<>();
    private final Map<ShardId, Long> sinceMillis = new HashMap<>();
    private final Map<ShardId, Long> liveMillis = new HashMap<>();
    private final Map<Failure, Long> failedMillis = new HashMap<>();
    private final ShardLoads loads;
    private final long startMillis;
    private final long avoidMillis;

    Sightings(Duration loadHalfLife, Duration avoidFor, long startMillis) {
        this.loads = new ShardLoads(loadHalfLife);
        this.avoidMillis = avoidFor.toMillis();
        this.startMillis = startMillis;
    }

    /// The node has a stream, which begins by saying all that it holds.
    void connect(String node) {
        connected.add(node);
        roles.put(node, new TreeMap<>());
    }

    /// The node is about to say all that it holds.
    void forgetRoles(String node) {
        roles.remove(node);
    }

    void disconnect(String node) {
        connected.remove(node);
    }

    void forget(String node) {
        connected.remove(node);
        roles.remove(node);
        failedMillis.keySet().removeIf(failure -> failure.node.equals(node));
    }

    boolean isConnected(String node) {
        return connected.contains(node);
    }

    void see(String node, ShardId shard, ShardReport report, long nowMillis) {
        var held = roles.computeIfAbsent(node, id -> new TreeMap<>());
        if (report.getRole() == Role.STOPPED) {
            held.remove(shard);
        } else {
            held.put(shard, new Seen(report.getRole(), report.getEpoch()));
        }
        if (report.getRole() == Role.LIVE) {
            loads.report(shard, report.getCpuMicros(), nowMillis);
        }
    }

    boolean holds(String node, ShardId shard) {
        return roles.getOrDefault(node, Map.of()).containsKey(shard);
    }

    boolean isLive(String node, ShardId shard) {
        var seen = roles.getOrDefault(node, Map.of()).get(shard);
        return isConnected(node) && seen != null && seen.role == Role.LIVE;
    }

    /// Whether the node has got the order to claim under this epoch.
    boolean isClaiming(String node, ShardId shard, long epoch) {
        var seen = roles.getOrDefault(node, Map.of()).get(shard);
        return seen != null && seen.role == Role.CLAIMING && seen.epoch >= epoch;
    }

    /// Nodes that hold the shard in whatever role, or may.
    List<String> holders(ShardId shard) {
        var holders = new ArrayList<String>();
        roles.forEach((node, held) -> {
            if (held.containsKey(shard)) {
                holders.add(node);
            }
        });
        return holders;
    }

    /// The shard has entered its phase.
    void entered(ShardId shard, long nowMillis) {
        sinceMillis.put(shard, nowMillis);
    }

    long inPhaseMillis(ShardId shard, long nowMillis) {
        return nowMillis - sinceMillis.getOrDefault(shard, startMillis);
    }

    /// Its owner has said that it is live.
    void live(ShardId shard, long nowMillis) {
        liveMillis.put(shard, nowMillis);
    }

    long silentMillis(ShardId shard, long nowMillis) {
        return nowMillis - liveMillis.getOrDefault(shard, startMillis);
    }

    /// The node has failed the shard.
    ///
    /// @return whether for the first time in a while
    boolean failed(String node, ShardId shard, long nowMillis) {
        boolean avoided = avoids(node, shard, nowMillis);
        failedMillis.put(new Failure(node, shard), nowMillis);
        return !avoided;
    }

    boolean avoids(String node, ShardId shard, long nowMillis) {
        var failed = failedMillis.get(new Failure(node, shard));
        return failed != null && nowMillis - failed < avoidMillis;
    }

    boolean mayRetry(String node, ShardId shard, long nowMillis) {
        var failed = failedMillis.get(new Failure(node, shard));
        return failed == null || nowMillis - failed >= RETRY_MILLIS;
    }

    ShardWeights weights() {
        return loads.weights();
    }

    private record Seen(Role role, long epoch) {}

    private record Failure(String node, ShardId shard) {}
}
