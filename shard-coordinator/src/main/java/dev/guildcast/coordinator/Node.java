package dev.guildcast.coordinator;

import dev.guildcast.contract.ShardId;
import java.util.Map;
import java.util.Set;

/// A process that can own shards, as it registered.
///
/// @param id unique for each start of the process
/// @param address host:port of its gRPC server
/// @param kinds of shards that it can own
/// @param labels free-form, such as pool=dedicated
/// @param draining whether its shards are to be moved to other nodes
public record Node(String id, String address, Set<ShardId.Kind> kinds, Map<String, String> labels, boolean draining) {
    /// Nodes reserved for huge guilds have the label `pool=dedicated`.
    private static final String POOL = "pool";

    private static final String DEDICATED = "dedicated";

    public Node {
        kinds = Set.copyOf(kinds);
        labels = Map.copyOf(labels);
    }

    public boolean canOwn(ShardId shard) {
        return kinds.contains(shard.kind());
    }

    /// Whether it is reserved for dedicated shards.
    public boolean isDedicated() {
        return DEDICATED.equals(labels.get(POOL));
    }

    public Node asDraining() {
        return new Node(id, address, kinds, labels, true);
    }
}
