package dev.guildcast.coordinator.lease;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// The leases of all nodes that count as alive.
///
/// - **Owner:** the replica's loop; time is handed in.
/// - **Bound:** one entry a node.
/// - **Promise:** the lease of a node that renews in time, on an open stream, never expires.
public final class LeaseTable {
    private final SortedMap<String, Lease> leases = new TreeMap<>();
    private final long durationMillis;
    private final long graceMillis;

    public LeaseTable(LeaseProperties properties) {
        this.durationMillis = properties.duration().toMillis();
        this.graceMillis = properties.grace().toMillis();
    }

    /// The node reported.
    public void renew(String node, long nowMillis) {
        leases.put(node, new Lease(node, nowMillis + durationMillis));
    }

    /// The node's stream broke: its lease shrinks to the grace, unless it renews on another stream.
    public void onStreamBroken(String node, long nowMillis) {
        leases.computeIfPresent(node, (id, lease) -> lease.shortenedTo(nowMillis + graceMillis));
    }

    /// The node ended its stream on purpose: its lease expires now.
    public void onNodeEnded(String node, long nowMillis) {
        leases.computeIfPresent(node, (id, lease) -> lease.shortenedTo(nowMillis));
    }

    /// Removes the expired leases.
    ///
    /// @return their nodes, in order of id
    public List<String> expire(long nowMillis) {
        var expired = new ArrayList<String>();
        leases.values().removeIf(lease -> {
            boolean isExpired = lease.isExpired(nowMillis);
            if (isExpired) {
                expired.add(lease.node());
            }
            return isExpired;
        });
        return expired;
    }

    public int size() {
        return leases.size();
    }
}
