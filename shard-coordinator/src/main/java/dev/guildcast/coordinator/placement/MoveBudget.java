package dev.guildcast.coordinator.placement;

import dev.guildcast.coordinator.Shard;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/// How many more moves from or to each node are allowed; working state of one plan.
final class MoveBudget {
    private final Map<String, Integer> moving = new HashMap<>();
    private final int perNode;

    MoveBudget(Collection<Shard> shards, int perNode) {
        this.perNode = perNode;
        for (var shard : shards) {
            if (shard.next() != null) {
                moving.merge(shard.next(), 1, Integer::sum);
                if (shard.owner() != null) {
                    moving.merge(shard.owner(), 1, Integer::sum);
                }
            }
        }
    }

    boolean allows(String node) {
        return moving.getOrDefault(node, 0) < perNode;
    }

    void spend(Move move) {
        moving.merge(move.from(), 1, Integer::sum);
        moving.merge(move.to(), 1, Integer::sum);
    }
}
