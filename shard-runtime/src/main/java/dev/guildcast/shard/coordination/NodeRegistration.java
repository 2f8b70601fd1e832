package dev.guildcast.shard.coordination;

import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.v1.ShardReport;
import java.util.List;

/// A node's registration for shard placement: directives that say which shards to own, and reports of their state.
///
/// A node that loses its registration keeps the shards it owns: the right to a shard is the claim in its log.
public interface NodeRegistration extends AutoCloseable {
    /// Registers the node. `directives` are called from one thread at a time and must not block; `reports` are queried
    /// before each renewal, from any thread.
    void start(Directives directives, Reports reports);

    /// Sends a report soon: a shard's role has changed. From any thread; never blocks.
    void reportSoon();

    /// Asks that every shard be moved elsewhere; the directives that follow release them.
    void leave();

    @Override
    void close();

    /// What a node reports of itself.
    @FunctionalInterface
    interface Reports {
        /// Every shard that it holds, and those that have ended since the last call.
        List<ShardReport> shards();

        /// Whether it has lost the storage, so that it can serve no shard.
        default boolean storageLost() {
            return false;
        }
    }

    /// Directives for one node.
    interface Directives {
        /// Restore and follow without a claim.
        void follow(ShardId shard);

        /// Own the shard under this epoch.
        ///
        /// @param epoch of the claim; 0: the next above the highest in the log (placement without a
        ///     coordinator)
        void claim(ShardId shard, long epoch);

        /// Stop, whatever the role.
        void release(ShardId shard);
    }
}
