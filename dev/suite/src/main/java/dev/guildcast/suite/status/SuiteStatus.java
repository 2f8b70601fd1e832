package dev.guildcast.suite.status;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// The status of a suite, as `status --json` prints it.
///
/// @param ready whether all services are ready and identifying clients would receive the world
/// @param pid of the launcher's process, 0 when no suite runs
/// @param api base of the REST routes
/// @param gateway the address for clients
/// @param gateways the addresses of the instances behind it
/// @param ingress where events are posted
/// @param ingressGrpc `host:port` of the same over gRPC
/// @param ingressToken bearer token for both
public record SuiteStatus(
        boolean ready,
        long pid,
        String api,
        String gateway,
        List<String> gateways,
        String ingress,
        String ingressGrpc,
        String ingressToken,
        List<Instance> services) {
    /// None may be null: a file that lacks one is no status.
    public SuiteStatus {
        Objects.requireNonNull(api);
        Objects.requireNonNull(gateway);
        gateways = List.copyOf(gateways);
        Objects.requireNonNull(ingress);
        Objects.requireNonNull(ingressGrpc);
        Objects.requireNonNull(ingressToken);
        services = List.copyOf(services);
    }

    /// One service instance.
    ///
    /// @param pid 0 if it has no process at the moment
    /// @param state `waiting`, `starting`, `ready`, `unhealthy`, `backing-off` or `stopped`
    /// @param restarts how often it was restarted
    public record Instance(String name, int index, long pid, Map<String, Integer> ports, String state, int restarts) {
        public Instance {
            Objects.requireNonNull(name);
            ports = Collections.unmodifiableMap(new LinkedHashMap<>(ports));
            Objects.requireNonNull(state);
        }

        public String id() {
            return name + "-" + index;
        }
    }

    /// The status where no suite runs.
    public static SuiteStatus none() {
        return new SuiteStatus(false, 0, "", "", List.of(), "", "", "", List.of());
    }
}
