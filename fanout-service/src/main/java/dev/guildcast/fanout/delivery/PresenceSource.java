package dev.guildcast.fanout.delivery;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/// Where last known presences can be asked for.
///
/// From any thread; never blocks.
public interface PresenceSource {
    /// Nobody to ask.
    PresenceSource NONE = users -> CompletableFuture.completedFuture(Map.of());

    /// The presences of those of these users who have one; fails when the source is slow or away.
    ///
    /// @param users at most 1000
    CompletableFuture<Map<Long, KnownPresence>> ask(Collection<Long> users);
}
