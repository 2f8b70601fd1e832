package dev.guildcast.coordinator.store;

import dev.guildcast.coordinator.ClusterState;
import dev.guildcast.coordinator.Decision;

/// One leader's right to decide, until another's begins or a decision fails. Used by one thread.
public interface Tenure extends AutoCloseable {
    /// All that was kept when the tenure began.
    ClusterState inherited();

    /// Keeps a decision whole or not at all; blocks until it is kept.
    ///
    /// @throws StoreException if it may not have been kept: the tenure is over, and so is all that was not kept
    void keep(Decision decision) throws StoreException;

    @Override
    void close();
}
