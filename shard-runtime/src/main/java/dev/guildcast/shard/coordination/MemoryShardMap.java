package dev.guildcast.shard.coordination;

import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.ShardMapView;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// A map that is set by its creator: for tests, and for a fixed placement without a coordinator.
public final class MemoryShardMap implements ShardMapView {
    private final ShardMapListeners listeners = new ShardMapListeners();
    private final Map<ShardId, ShardOwner> owners = new ConcurrentHashMap<>();

    /// A map on which one node owns all of these shards.
    public static MemoryShardMap allOn(Collection<ShardId> shards, String nodeId, String address) {
        var map = new MemoryShardMap();
        shards.forEach(shard -> map.owners.put(shard, new ShardOwner(nodeId, address, 1)));
        return map;
    }

    /// Sets the owner; listeners run before this returns.
    public void put(ShardId shard, String nodeId, String address, long epoch) {
        owners.put(shard, new ShardOwner(nodeId, address, epoch));
        listeners.notifyListeners();
    }

    /// Removes the owner; listeners run before this returns.
    public void remove(ShardId shard) {
        owners.remove(shard);
        listeners.notifyListeners();
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
