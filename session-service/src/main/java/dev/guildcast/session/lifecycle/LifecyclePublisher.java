package dev.guildcast.session.lifecycle;

import dev.guildcast.delivery.v1.SessionLifecycle;

/// Publishes to topic session.lifecycle.
public interface LifecyclePublisher {
    /// From any thread; never blocks. An event for which there is no room is dropped and counted.
    ///
    /// @param shard index of the session shard, so that the events of one session keep their order
    void offer(int shard, SessionLifecycle event);
}
