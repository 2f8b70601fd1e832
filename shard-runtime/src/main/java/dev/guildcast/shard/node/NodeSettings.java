package dev.guildcast.shard.node;

import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topology;
import dev.guildcast.shard.access.GrpcIdentity;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// A process as a node of an installation.
///
/// @param id of this run of the process; never reused
/// @param address `host:port` at which others reach it by gRPC; empty: the loopback address and the bound port
/// @param topology numbers of shards; the coordinator refuses a node whose numbers differ from the installation's
/// @param prefix of the installation's topics, which the coordinator compares, too
/// @param kinds of shards that it can own
/// @param placement what decides which shards it owns
public record NodeSettings(
        String id, String address, Topology topology, String prefix, Set<ShardId.Kind> kinds, Placement placement) {
    /// What decides which shards a node owns.
    public sealed interface Placement {}

    /// The node claims these shards at its start, which suits tests and single machines.
    public record StaticPlacement(List<ShardId> shards) implements Placement {}

    /// The coordinator assigns shards and takes them away.
    ///
    /// @param target `host:port[,host:port]` of its replicas
    /// @param drain how long a stopping node waits until its shards have been moved away; 0: not at all
    /// @param identity proves the node's role to the coordinator
    public record CoordinatorPlacement(String target, Duration drain, GrpcIdentity identity) implements Placement {}

    public NodeSettings {
        kinds = Set.copyOf(kinds);
    }
}
