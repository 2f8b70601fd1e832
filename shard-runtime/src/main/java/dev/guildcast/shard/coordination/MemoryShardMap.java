package dev.guildcast.shard.coordination;

import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.ShardMapView;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// A map that whoever holds it writes: for tests, and for a fixed placement in one process.
public final class MemoryShardMap implements ShardMapView {
    private final MapListeners listeners = new MapListeners();
    private final Map<ShardId, ShardOwner> owners = new ConcurrentHashMap<>();

    /// One node that owns all of these.
    public static MemoryShardMap allOn(Collection<ShardId> shards, String nodeId, String address) {
        var map = new MemoryShardMap();
        shards.forEach(shard -> map.owners.put(shard, new ShardOwner(nodeId, address, 1)));
        return map;
    }

    /// Names the owner; listeners run before this returns.
    public void put(ShardId shard, String nodeId, String address, long epoch) {
        owners.put(shard, new ShardOwner(nodeId, address, epoch));
        listeners.fire();
    }

    /// The shard has no owner; listeners run before this returns.
    public void remove(ShardId shard) {
        owners.remove(shard);
        listeners.fire();
    }

    @Override
    public Optional<ShardOwner> owner(ShardId shard) {
        return Optional.ofNullable(owners.get(shard));
    }

    @Override
    public AutoCloseable onChange(Runnable listener) {
        return listeners.add(listener);
    }
}
