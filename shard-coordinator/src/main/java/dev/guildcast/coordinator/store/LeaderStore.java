package dev.guildcast.coordinator.store;

import dev.guildcast.coordinator.ClusterState;
import dev.guildcast.coordinator.Decision;

/// The store as one leader writes it, until it is fenced by another leader or a commit fails. Used by one thread.
public interface LeaderStore extends AutoCloseable {
    /// The state as of all decisions committed before this leader.
    ClusterState initialState();

    /// Commits a decision atomically; blocks until it is committed.
    ///
    /// @throws StoreException if it may not have been committed: this leader must step down and discard its state
    void commit(Decision decision) throws StoreException;

    @Override
    void close();
}
