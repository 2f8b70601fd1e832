package dev.guildcast.session.lifecycle;

import dev.guildcast.delivery.v1.SessionLifecycle;

/// Takes events for topic session.lifecycle.
public interface LifecyclePublisher {
    /// From any thread; never blocks. An event that finds no room is lost and counted.
    ///
    /// @param shard index of the session shard, so that the events of one session keep their order
    void offer(int shard, SessionLifecycle event);
}
