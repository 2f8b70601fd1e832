package dev.guildcast.fanout.shard;

import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.OwnedShard;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The guild shards that run in this process, for those who ask them.
///
/// Safe on any thread. What is found may be anything but stopped: whether it answers as the owner is asked on its loop.
public final class GuildShards {
    /// A shard's process and its machine; the machine only on the shard's loop.
    public record Running(OwnedShard process, GuildShard machine) {}

    private final Map<ShardId, Running> running = new ConcurrentHashMap<>();

    public Optional<Running> find(ShardId shard) {
        return Optional.ofNullable(running.get(shard));
    }

    public void started(Running shard) {
        running.put(shard.process().id(), shard);
    }

    public void stopped(Running shard) {
        running.remove(shard.process().id(), shard);
    }
}
