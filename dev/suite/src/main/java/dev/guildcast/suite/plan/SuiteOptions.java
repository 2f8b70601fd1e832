package dev.guildcast.suite.plan;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What a person may choose about a suite.
///
/// @param single all services in one JVM
/// @param gateways instances of gateway-service
/// @param sessionServices instances of session-service
/// @param fanouts instances of fanout-service
/// @param coordinators instances of shard-coordinator
/// @param world file to load at the start; empty for the small one that comes along
/// @param port the first of the ports, 0 for free ones
/// @param settings properties of the services besides those that the plan gives them, or in their place; each service
///     is given them all and takes what is its own
public record SuiteOptions(
        boolean single,
        int gateways,
        int sessionServices,
        int fanouts,
        int coordinators,
        Optional<Path> world,
        int port,
        Map<String, String> settings) {
    public static final int DEFAULT_PORT = 8080;
    private static final int INSTANCES_MAX = 8;
    private static final int PORT_MAX = 65_535 - SuitePorts.SPAN;

    public SuiteOptions {
        settings = Map.copyOf(settings);
        between("gateways", gateways, 1, INSTANCES_MAX);
        between("session-services", sessionServices, 1, INSTANCES_MAX);
        between("fanouts", fanouts, 1, INSTANCES_MAX);
        between("coordinators", coordinators, 1, INSTANCES_MAX);
        if (port != 0) {
            between("port", port, 1024, PORT_MAX);
        }
        if (single && (gateways > 1 || sessionServices > 1 || fanouts > 1 || coordinators > 1)) {
            throw new IllegalArgumentException(
                    "--single runs one of each service in one JVM (expected: no counts with it)");
        }
    }

    /// Without settings.
    public SuiteOptions(
            boolean single,
            int gateways,
            int sessionServices,
            int fanouts,
            int coordinators,
            Optional<Path> world,
            int port) {
        this(single, gateways, sessionServices, fanouts, coordinators, world, port, Map.of());
    }

    /// One of each service, each a process of its own.
    public static SuiteOptions usual() {
        return new SuiteOptions(false, 1, 1, 1, 1, Optional.empty(), DEFAULT_PORT);
    }

    public SuiteOptions withPort(int newPort) {
        return new SuiteOptions(single, gateways, sessionServices, fanouts, coordinators, world, newPort, settings);
    }

    public SuiteOptions inOneJvm() {
        return new SuiteOptions(true, 1, 1, 1, 1, world, port, settings);
    }

    public SuiteOptions withInstances(int newGateways, int newSessionServices, int newFanouts) {
        return new SuiteOptions(
                false, newGateways, newSessionServices, newFanouts, coordinators, world, port, settings);
    }

    /// @param property as the service that has it calls it, such as `gateway.heartbeat.interval`
    public SuiteOptions withSetting(String property, String value) {
        var all = new LinkedHashMap<>(settings);
        all.put(property, value);
        return new SuiteOptions(single, gateways, sessionServices, fanouts, coordinators, world, port, all);
    }

    private static void between(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException("--" + name + " " + value + " (expected: " + least + ".." + most + ")");
        }
    }
}
