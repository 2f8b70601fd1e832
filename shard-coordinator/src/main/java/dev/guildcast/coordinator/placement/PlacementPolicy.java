package dev.guildcast.coordinator.placement;

import dev.guildcast.contract.ShardId;
import dev.guildcast.coordinator.Node;
import java.util.List;
import java.util.Optional;

/// Chooses one of several nodes for a shard.
public interface PlacementPolicy {
    /// @param candidates alive, able to own the shard and available
    /// @param loads without this shard
    /// @return empty only if there are no candidates
    Optional<Node> choose(ShardId shard, List<Node> candidates, NodeLoads loads);
}
