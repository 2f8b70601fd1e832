package dev.guildcast.shard.memory;

import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topology;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The logs and checkpoints of a whole installation in memory. Safe for use from any thread.
///
/// Checkpoints are fenced as by Kafka: each writer that begins raises the shard's writer epoch at once, and a commit
/// under an older epoch is refused.
public final class MemoryInstallation {
    private final Map<ShardId, MemoryLog> logs = new TreeMap<>();
    private final Map<ShardId, MemoryLog> ephemeral = new TreeMap<>();
    private final Map<ShardId, Checkpoint> checkpoints = new HashMap<>();
    private final Map<ShardId, Integer> writerEpochs = new HashMap<>();

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
