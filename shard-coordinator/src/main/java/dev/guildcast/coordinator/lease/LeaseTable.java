package dev.guildcast.coordinator.lease;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// The leases of all nodes that are believed alive.
///
/// - **Owner:** the replica's loop; time is handed in.
/// - **Bound:** one entry a node.
/// - **Promise:** a node that renews in time, on a stream that stands, is never over.
public final class LeaseTable {
    private final SortedMap<String, Lease> leases = new TreeMap<>();
    private final long durationMillis;
    private final long graceMillis;

    public LeaseTable(LeaseProperties properties) {
        this.durationMillis = properties.duration().toMillis();
        this.graceMillis = properties.grace().toMillis();
    }

    /// The node has spoken.
    public void renew(String node, long nowMillis) {
        leases.put(node, new Lease(node, nowMillis + durationMillis));
    }

    /// The node's stream broke; a renewal on another makes up for it.
    public void broken(String node, long nowMillis) {
        leases.computeIfPresent(node, (id, lease) -> lease.atMost(nowMillis + graceMillis));
    }

    /// The node said that it ends.
    public void end(String node, long nowMillis) {
        leases.computeIfPresent(node, (id, lease) -> lease.atMost(nowMillis));
    }

    /// Takes the leases that are over out of the table.
    ///
    /// @return their nodes, in order of id
    public List<String> expire(long nowMillis) {
        var over = new ArrayList<String>();
        leases.values().removeIf(lease -> {
            boolean gone = lease.isOver(nowMillis);
            if (gone) {
                over.add(lease.node());
            }
            return gone;
        });
        return over;
    }

    public int size() {
        return leases.size();
    }
}
