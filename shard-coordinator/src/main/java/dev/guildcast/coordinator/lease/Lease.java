package dev.guildcast.coordinator.lease;

/// A node's sign of life.
///
/// @param untilMillis on the loop's monotonic clock; from then on the node is dead
record Lease(String node, long untilMillis) {
    boolean isOver(long nowMillis) {
        return nowMillis >= untilMillis;
    }

    Lease atMost(long millis) {
        return millis < untilMillis ? new Lease(node, millis) : this;
    }
}
