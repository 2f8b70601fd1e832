package dev.guildcast.shard;

import dev.guildcast.contract.ShardId;
import java.util.Optional;

/// The shard map as last received: it may be outdated, and claims in the logs decide.
///
/// Safe for use from any thread; never blocks. While the coordinator is away, the last map remains.
public interface ShardMapView {
    /// The owner, while one is known.
    Optional<ShardOwner> owner(ShardId shard);

    /// Calls `listener` after every change, from the thread that received it, until the returned handle is closed.
    AutoCloseable onChange(Runnable listener);

    /// @param address host:port of the owner's gRPC server
    /// @param epoch of the owner's claim
    record ShardOwner(String nodeId, String address, long epoch) {}
}
