package dev.guildcast.shard.coordination;

import java.util.ArrayList;
import java.util.List;

/// Addresses of the coordinator's replicas.
///
/// @param addresses each host:port, at least one; any replica serves the map and redirects to the leader
public record CoordinatorTargets(List<String> addresses) {
    /// TCP ports have 16 bits.
    private static final int PORT_MAX = 65_535;

    public CoordinatorTargets {
        addresses = List.copyOf(addresses);
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("coordinator target is empty (expected: host:port[,host:port])");
        }
        addresses.forEach(CoordinatorTargets::check);
    }

    /// Parses `host:port[,host:port]`.
    ///
    /// @throws IllegalArgumentException naming the malformed part
    public static CoordinatorTargets parse(String text) {
        var addresses = new ArrayList<String>();
        for (String part : text.split(",", -1)) {
            addresses.add(part.strip());
        }
        return new CoordinatorTargets(addresses);
    }

    private static void check(String address) {
        int colon = address.lastIndexOf(':');
        if (colon < 1 || !isPort(address.substring(colon + 1))) {
            throw new IllegalArgumentException("coordinator target \"" + address + "\" (expected: host:port)");
        }
    }

    private static boolean isPort(String text) {
        try {
            int port = Integer.parseInt(text);
            return port > 0 && port <= PORT_MAX;
        } catch (NumberFormatException notANumber) {
            return false;
        }
    }
}
