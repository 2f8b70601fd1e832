package dev.guildcast.suite.process;

import java.util.Map;

/// A snapshot of one service instance.
///
/// @param pid of its process, 0 if it has none at the moment
/// @param restarts how often it was restarted
public record ServiceStatus(
        String name, int index, long pid, Map<String, Integer> ports, ServiceState state, int restarts) {
    public String id() {
        return name + "-" + index;
    }

    ServiceStatus with(ServiceState newState, long newPid) {
        return new ServiceStatus(name, index, newPid, ports, newState, restarts);
    }

    ServiceStatus restarted() {
        return new ServiceStatus(name, index, 0, ports, ServiceState.BACKING_OFF, restarts + 1);
    }
}
