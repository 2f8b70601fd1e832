package dev.guildcast.fanout.presence;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/// Source of the last known presences.
///
/// From any thread; never blocks.
public interface PresenceSource {
    /// No source: every fetch is empty.
    PresenceSource NONE = users -> CompletableFuture.completedFuture(Map.of());

    /// Fetches the presences of those of these users who have one; fails when the source is slow or unavailable.
    ///
    /// @param users at most 1000, the limit of the presence service
    CompletableFuture<Map<Long, PresenceSnapshot>> fetch(Collection<Long> users);
}
