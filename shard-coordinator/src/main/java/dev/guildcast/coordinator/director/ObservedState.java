package dev.guildcast.coordinator.director;

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

/// What this leader has observed from reports and when. It is not stored: a new leader observes it again.
///
/// - **Owner:** the director.
/// - **Bound:** one entry for each (node, shard) that a live node reports or failed, for each shard and each node.
final class ObservedState {
    /// After which a node that failed a shard may be chosen again if there is no other.
    private static final long FAILED_RETRY_MILLIS = 1_000;

    private final SortedSet<String> connected = new TreeSet<>();
    private final SortedMap<String, Map<ShardId, ObservedRole>> roles = new TreeMap<>();
    private final Map<ShardId, Long> phaseEnteredMillis = new HashMap<>();
    private final Map<ShardId, Long> lastLiveMillis = new HashMap<>();
    private final Map<FailureKey, Long> lastFailedMillis = new HashMap<>();
    private final Map<String, StorageLoss> storageLosses = new HashMap<>();
    private final ShardLoads loads;
    private final long startMillis;
    private final long avoidMillis;

    ObservedState(Duration loadHalfLife, Duration avoidFor, long startMillis) {
        this.loads = new ShardLoads(loadHalfLife);
        this.avoidMillis = avoidFor.toMillis();
        this.startMillis = startMillis;
    }

    /// The node has opened a stream; its first report names all shards that it holds.
    void connect(String node) {
        connected.add(node);
        roles.put(node, new TreeMap<>());
    }

    /// The node's next report names all shards that it holds.
    void clearRoles(String node) {
        roles.remove(node);
    }

    void disconnect(String node) {
        connected.remove(node);
    }

    void removeNode(String node) {
        connected.remove(node);
        roles.remove(node);
        lastFailedMillis.keySet().removeIf(failure -> failure.node.equals(node));
        storageLosses.remove(node);
    }

    /// The node has reported whether it has lost Kafka.
    ///
    /// @return whether that has changed
    boolean markStorage(String node, boolean lost, long nowMillis) {
        boolean wasLost = hasLostStorage(node);
        if (lost) {
            var before = storageLosses.get(node);
            storageLosses.put(
                    node, new StorageLoss(wasLost && before != null ? before.sinceMillis : nowMillis, nowMillis, true));
        } else {
            storageLosses.computeIfPresent(
                    node, (id, loss) -> new StorageLoss(loss.sinceMillis, loss.lastMillis, false));
        }
        return wasLost != lost;
    }

    /// Whether the node reports that it has lost Kafka.
    boolean hasLostStorage(String node) {
        var loss = storageLosses.get(node);
        return loss != null && loss.current;
    }

    /// For how long the node has reported that it has lost Kafka; 0 if it does not.
    long storageLostMillis(String node, long nowMillis) {
        var loss = storageLosses.get(node);
        return loss != null && loss.current ? nowMillis - loss.sinceMillis : 0;
    }

    /// Whether the node has lost Kafka, or had until less than `avoidFor` ago.
    boolean isStorageUnreliable(String node, long nowMillis) {
        var loss = storageLosses.get(node);
        return loss != null && (loss.current || nowMillis - loss.lastMillis < avoidMillis);
    }

    /// Whether the node can own shards now: it has a stream, and reaches Kafka.
    boolean isAvailable(String node) {
        return isConnected(node) && !hasLostStorage(node);
    }

    boolean isConnected(String node) {
        return connected.contains(node);
    }

    void observe(String node, ShardId shard, ShardReport report, long nowMillis) {
        var held = roles.computeIfAbsent(node, id -> new TreeMap<>());
        if (report.getRole() == Role.STOPPED) {
            held.remove(shard);
        } else {
            held.put(shard, new ObservedRole(report.getRole(), report.getEpoch()));
        }
        if (report.getRole() == Role.LIVE) {
            loads.report(shard, report.getCpuMicros(), nowMillis);
        }
    }

    boolean holds(String node, ShardId shard) {
        return roles.getOrDefault(node, Map.of()).containsKey(shard);
    }

    boolean isLive(String node, ShardId shard) {
        var observed = roles.getOrDefault(node, Map.of()).get(shard);
        return isConnected(node) && observed != null && observed.role == Role.LIVE;
    }

    /// Whether the node has received the directive to claim under this epoch.
    boolean isClaiming(String node, ShardId shard, long epoch) {
        var observed = roles.getOrDefault(node, Map.of()).get(shard);
        return observed != null && observed.role == Role.CLAIMING && observed.epoch >= epoch;
    }

    /// Nodes that hold the shard in any role.
    List<String> holders(ShardId shard) {
        var holders = new ArrayList<String>();
        roles.forEach((node, held) -> {
            if (held.containsKey(shard)) {
                holders.add(node);
            }
        });
        return holders;
    }

    /// The shard has entered its current phase.
    void markPhaseEntered(ShardId shard, long nowMillis) {
        phaseEnteredMillis.put(shard, nowMillis);
    }

    long inPhaseMillis(ShardId shard, long nowMillis) {
        return nowMillis - phaseEnteredMillis.getOrDefault(shard, startMillis);
    }

    /// Its owner has reported it live.
    void markLive(ShardId shard, long nowMillis) {
        lastLiveMillis.put(shard, nowMillis);
    }

    long sinceLiveMillis(ShardId shard, long nowMillis) {
        return nowMillis - lastLiveMillis.getOrDefault(shard, startMillis);
    }

    /// The node has failed the shard.
    ///
    /// @return whether this is the first failure within `avoidFor`
    boolean markFailed(String node, ShardId shard, long nowMillis) {
        boolean wasAvoided = isAvoided(node, shard, nowMillis);
        lastFailedMillis.put(new FailureKey(node, shard), nowMillis);
        return !wasAvoided;
    }

    boolean isAvoided(String node, ShardId shard, long nowMillis) {
        var failedAtMillis = lastFailedMillis.get(new FailureKey(node, shard));
        return failedAtMillis != null && nowMillis - failedAtMillis < avoidMillis;
    }

    boolean mayRetry(String node, ShardId shard, long nowMillis) {
        var failedAtMillis = lastFailedMillis.get(new FailureKey(node, shard));
        return failedAtMillis == null || nowMillis - failedAtMillis >= FAILED_RETRY_MILLIS;
    }

    ShardWeights weights() {
        return loads.weights();
    }

    private record ObservedRole(Role role, long epoch) {}

    private record FailureKey(String node, ShardId shard) {}

    /// @param sinceMillis of the first report of the loss
    /// @param lastMillis of the last one
    /// @param current whether the newest report says so
    private record StorageLoss(long sinceMillis, long lastMillis, boolean current) {}
}
