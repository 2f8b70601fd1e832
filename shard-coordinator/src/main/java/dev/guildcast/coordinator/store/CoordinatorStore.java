package dev.guildcast.coordinator.store;

import dev.guildcast.coordinator.Decision;
import java.util.function.Consumer;

/// The decisions of all leaders, in order.
public interface CoordinatorStore extends AutoCloseable {
    /// Starts to follow: `follower` receives every committed decision in order, on one thread of the store. The first
    /// one sums up all before it. After a failure some may be repeated.
    void follow(Consumer<Decision> follower);

    /// Becomes the only writer: the previous one is fenced. Blocks until all committed decisions have been read.
    ///
    /// @throws StoreException if that takes longer than `coordinator.store.patience`; nothing is lost, retry it
    LeaderStore openAsLeader() throws StoreException;

    @Override
    void close();
}
