package dev.guildcast.coordinator.store;

import dev.guildcast.coordinator.Decision;
import java.util.function.Consumer;

/// The decisions of all leaders, in order.
public interface CoordinatorStore extends AutoCloseable {
    /// Begins to follow: `follower` hears every kept decision in order, from one thread of the store. The first it
    /// hears sums up all before it. After a fault some may come again.
    void follow(Consumer<Decision> follower);

    /// Becomes the only writer: whoever was, can keep nothing more. Blocks until all that was kept has been read.
    ///
    /// @throws StoreException if that takes more than some seconds; nothing is lost, it may be tried again
    Tenure lead() throws StoreException;

    @Override
    void close();
}
