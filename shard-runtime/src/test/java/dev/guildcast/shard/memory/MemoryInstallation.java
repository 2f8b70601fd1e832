package dev.guildcast.shard.memory;

import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topology;
import dev.guildcast.shard.storage.CheckpointReader;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The logs and checkpoints of a whole installation in memory. Safe for use from any thread.
///
/// Checkpoints are fenced as by Kafka: each writer that begins raises the shard's writer epoch at once, and a commit
/// under an older epoch is refused. They are restored by the production code, from compacted topics.
public final class MemoryInstallation {
    private final Map<ShardId, MemoryLog> logs = new TreeMap<>();
    private final Map<ShardId, MemoryLog> ephemeral = new TreeMap<>();
    private final Map<ShardId, Checkpoint> checkpoints = new HashMap<>();
    private final Map<ShardId, CompactedTopic> stateTopics = new HashMap<>();
    private final Map<ShardId, Integer> writerEpochs = new HashMap<>();

    /// Records of one poll of a state topic: most checkpoints are read in parts.
    private static final int POLL_RECORDS_MAX = 50;
    /// Superseded records are removed when so many times the live ones are there.
    private static final int COMPACTION_FACTOR = 3;
    /// Most are removed at once, and some stay, as with a broker.
    private static final double COMPACTION_SHARE = 0.9;

    /// The content of a shard's state topic.
    ///
    /// @param position the offset from which the log follows
    /// @param entities by key
    public record Checkpoint(long position, Map<String, byte[]> entities) {}

    public MemoryInstallation(Topology topology, LongSupplier wallMillis) {
        for (var shard : topology.shards()) {
            logs.put(shard, new MemoryLog(wallMillis));
            if (shard.kind() == ShardId.Kind.GUILD) {
                ephemeral.put(shard, new MemoryLog(wallMillis));
            }
        }
    }

    /// @throws IllegalArgumentException if the topology has no such shard
    public MemoryLog log(ShardId shard) {
        return find(logs, shard);
    }

    /// The ephemeral lane of a guild shard.
    public MemoryLog ephemeral(ShardId shard) {
        return find(ephemeral, shard);
    }

    public synchronized @Nullable Checkpoint checkpoint(ShardId shard) {
        return checkpoints.get(shard);
    }

    /// Restores the newest checkpoint; returns the offset from which the log follows.
    public synchronized long restore(ShardId shard, BiConsumer<String, byte[]> entities) {
        var topic = stateTopics.get(shard);
        if (topic == null) {
            return 0;
        }
        try (var reader = topic.reader(() -> {})) {
            return CheckpointReader.read(reader, entities);
        }
    }

    /// Fences every earlier writer; returns the new writer's epoch.
    public synchronized int beginWriting(ShardId shard) {
        return writerEpochs.merge(shard, 1, Integer::sum);
    }

    /// Writes atomically; refused if a later writer has begun.
    synchronized boolean commit(ShardId shard, int writerEpoch, long position, Map<String, byte @Nullable []> dirty) {
        if (writerEpochs.getOrDefault(shard, 0) != writerEpoch) {
            return false;
        }
        var before = checkpoints.get(shard);
        if (before != null && position < before.position()) {
            throw new IllegalStateException(
                    "checkpoint of " + shard + " at " + position + " (expected: at least " + before.position() + ")");
        }
        Map<String, byte[]> entities = before == null ? new HashMap<>() : new HashMap<>(before.entities());
        dirty.forEach((key, value) -> {
            if (value == null) {
                entities.remove(key);
            } else {
                entities.put(key, value);
            }
        });
        checkpoints.put(shard, new Checkpoint(position, entities));
        var topic = stateTopics.computeIfAbsent(
                shard, id -> new CompactedTopic(new Random(id.hashCode()), POLL_RECORDS_MAX));
        topic.commit(position, dirty);
        if (topic.size() > COMPACTION_FACTOR * (entities.size() + POLL_RECORDS_MAX)) {
            topic.compact(COMPACTION_SHARE);
        }
        return true;
    }

    private static MemoryLog find(Map<ShardId, MemoryLog> logs, ShardId shard) {
        var log = logs.get(shard);
        if (log == null) {
            throw new IllegalArgumentException("no log of " + shard);
        }
        return log;
    }
}
