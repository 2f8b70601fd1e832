package dev.guildcast.suite.plan;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The options of a suite.
///
/// @param single all services in one JVM
/// @param instances how many of each service
/// @param world file to load at the start; empty for the world that the folder holds, else for the bundled small one
/// @param port the first of the ports, 0 for free ones
/// @param fresh discards what an earlier suite has left in the folder
/// @param settings properties of the services that add to or override those of the plan; each service receives all of
///     them and ignores those of others
public record SuiteOptions(
        boolean single,
        Instances instances,
        Optional<Path> world,
        int port,
        boolean fresh,
        Map<String, String> settings) {
    /// Where people expect a local HTTP service.
    public static final int DEFAULT_PORT = 8080;
    /// More processes than this slow one machine down and cover nothing new.
    private static final int INSTANCES_MAX = 8;
    /// The whole span must lie below the highest port.
    private static final int PORT_MAX = 65_535 - SuitePorts.SPAN;

    /// How many of each service that can have several.
    public record Instances(int gateways, int sessionServices, int fanouts, int coordinators, int voiceServers) {
        /// One of each.
        public static final Instances ONE = new Instances(1, 1, 1, 1);

        /// One voice server.
        public Instances(int gateways, int sessionServices, int fanouts, int coordinators) {
            this(gateways, sessionServices, fanouts, coordinators, 1);
        }

        public Instances withVoiceServers(int count) {
            return new Instances(gateways, sessionServices, fanouts, coordinators, count);
        }

        public Instances {
            requireInRange("gateways", gateways, 1, INSTANCES_MAX);
            requireInRange("session-services", sessionServices, 1, INSTANCES_MAX);
            requireInRange("fanouts", fanouts, 1, INSTANCES_MAX);
            requireInRange("coordinators", coordinators, 1, INSTANCES_MAX);
            requireInRange("voice-servers", voiceServers, 1, INSTANCES_MAX);
        }
    }

    public SuiteOptions {
        settings = Map.copyOf(settings);
        if (port != 0) {
            requireInRange("port", port, 1024, PORT_MAX);
        }
        if (single && !instances.equals(Instances.ONE)) {
            throw new IllegalArgumentException(
                    "--single runs one instance of each service in one JVM (expected: no instance counts with it)");
        }
    }

    /// One of each service, each a process of its own, with nothing of an earlier suite.
    public static SuiteOptions defaults() {
        return new SuiteOptions(false, Instances.ONE, Optional.empty(), DEFAULT_PORT, true, Map.of());
    }

    public SuiteOptions withPort(int newPort) {
        return new SuiteOptions(single, instances, world, newPort, fresh, settings);
    }

    public SuiteOptions withSingleJvm() {
        return new SuiteOptions(true, Instances.ONE, world, port, fresh, settings);
    }

    public SuiteOptions withInstances(Instances newInstances) {
        return new SuiteOptions(false, newInstances, world, port, fresh, settings);
    }

    public SuiteOptions withWorld(Path file) {
        return new SuiteOptions(single, instances, Optional.of(file), port, fresh, settings);
    }

    /// Continues with the logs, the world and the ingress tokens that an earlier suite has left in the folder.
    public SuiteOptions keepingState() {
        return new SuiteOptions(single, instances, world, port, false, settings);
    }

    /// @param property name of a service's property, such as `gateway.heartbeat.interval`
    public SuiteOptions withSetting(String property, String value) {
        var all = new LinkedHashMap<>(settings);
        all.put(property, value);
        return new SuiteOptions(single, instances, world, port, fresh, all);
    }

    private static void requireInRange(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException("--" + name + " " + value + " (expected: " + min + ".." + max + ")");
        }
    }
}
