package dev.guildcast.fanout.shard;

import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.OwnedShard;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Registry of the guild shards that run in this process, for queries.
///
/// Safe on any thread. A shard that is found has not stopped; whether it is the live owner is checked on its loop.
public final class GuildShardRegistry {
    /// A shard's process and its machine; the machine may be used on the shard's loop only.
    public record RunningShard(OwnedShard process, GuildShard machine) {}

    private final Map<ShardId, RunningShard> running = new ConcurrentHashMap<>();

    public Optional<RunningShard> find(ShardId shard) {
        return Optional.ofNullable(running.get(shard));
    }

    public void register(RunningShard shard) {
        running.put(shard.process().id(), shard);
    }

    public void unregister(RunningShard shard) {
        running.remove(shard.process().id(), shard);
    }
}
