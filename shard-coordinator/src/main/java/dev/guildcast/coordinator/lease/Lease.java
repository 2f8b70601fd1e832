package dev.guildcast.coordinator.lease;

/// How long a node counts as alive without another report.
///
/// @param expiresAtMillis on the loop's monotonic clock; from then on the node counts as dead
record Lease(String node, long expiresAtMillis) {
    boolean isExpired(long nowMillis) {
        return nowMillis >= expiresAtMillis;
    }

    Lease shortenedTo(long latestMillis) {
        return latestMillis < expiresAtMillis ? new Lease(node, latestMillis) : this;
    }
}
