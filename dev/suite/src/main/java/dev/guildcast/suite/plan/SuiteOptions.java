package dev.guildcast.suite.plan;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The options of a suite.
///
/// @param single all services in one JVM
/// @param gateways instances of gateway-service
/// @param sessionServices instances of session-service
/// @param fanouts instances of fanout-service
/// @param coordinators instances of shard-coordinator
/// @param world file to load at the start; empty for the bundled small world
/// @param port the first of the ports, 0 for free ones
/// @param settings properties of the services that add to or override those of the plan; each service receives all of
///     them and ignores those of others
public record SuiteOptions(
        boolean single,
        int gateways,
        int sessionServices,
        int fanouts,
        int coordinators,
        Optional<Path> world,
        int port,
        Map<String, String> settings) {
    /// Where people expect a local HTTP service.
    public static final int DEFAULT_PORT = 8080;
    /// More processes than this slow one machine down and cover nothing new.
    private static final int INSTANCES_MAX = 8;
    /// The whole span must lie below the highest port.
    private static final int PORT_MAX = 65_535 - SuitePorts.SPAN;

    public SuiteOptions {
        settings = Map.copyOf(settings);
        requireInRange("gateways", gateways, 1, INSTANCES_MAX);
        requireInRange("session-services", sessionServices, 1, INSTANCES_MAX);
        requireInRange("fanouts", fanouts, 1, INSTANCES_MAX);
        requireInRange("coordinators", coordinators, 1, INSTANCES_MAX);
        if (port != 0) {
            requireInRange("port", port, 1024, PORT_MAX);
        }
        if (single && (gateways > 1 || sessionServices > 1 || fanouts > 1 || coordinators > 1)) {
            throw new IllegalArgumentException(
                    "--single runs one instance of each service in one JVM (expected: no instance counts with it)");
        }
    }

    /// Options without settings.
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
    public static SuiteOptions defaults() {
        return new SuiteOptions(false, 1, 1, 1, 1, Optional.empty(), DEFAULT_PORT);
    }

    public SuiteOptions withPort(int newPort) {
        return new SuiteOptions(single, gateways, sessionServices, fanouts, coordinators, world, newPort, settings);
    }

    public SuiteOptions withSingleJvm() {
        return new SuiteOptions(true, 1, 1, 1, 1, world, port, settings);
    }

    public SuiteOptions withInstances(int newGateways, int newSessionServices, int newFanouts) {
        return new SuiteOptions(
                false, newGateways, newSessionServices, newFanouts, coordinators, world, port, settings);
    }

    /// @param property name of a service's property, such as `gateway.heartbeat.interval`
    public SuiteOptions withSetting(String property, String value) {
        var all = new LinkedHashMap<>(settings);
        all.put(property, value);
        return new SuiteOptions(single, gateways, sessionServices, fanouts, coordinators, world, port, all);
    }

    private static void requireInRange(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException("--" + name + " " + value + " (expected: " + min + ".." + max + ")");
        }
    }
}
