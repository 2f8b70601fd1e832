package dev.guildcast.suite.process;

import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The specification of one service instance.
///
/// @param name of the service, such as `gateway-service`
/// @param index among the instances of that name, from 1
/// @param mainClass with a `public static … start(String...)` that returns a closeable once it serves
/// @param args of `start`
/// @param ports on the loopback address by use, such as `http` and `grpc`, in order of insertion
/// @param health `http` URL that returns 200 while the service can serve, or `kafka:` or `redis:` with host and port;
///     empty if a started service counts as healthy
/// @param dependencies names of the services whose instances must all be ready before this one is started
/// @param heapMegabytes the largest heap of its process
public record ServiceSpec(
        String name,
        int index,
        String mainClass,
        List<String> args,
        Map<String, Integer> ports,
        Optional<URI> health,
        Set<String> dependencies,
        int heapMegabytes) {
    public ServiceSpec {
        args = List.copyOf(args);
        ports = Collections.unmodifiableMap(new LinkedHashMap<>(ports));
        dependencies = Set.copyOf(dependencies);
    }

    /// The port of this use.
    ///
    /// @throws IllegalArgumentException if it has none
    public int port(String use) {
        var port = ports.get(use);
        if (port == null) {
            throw new IllegalArgumentException(id() + " has no port " + use);
        }
        return port;
    }

    /// Names the instance, such as `gateway-service-2`; also its log file.
    public String id() {
        return name + "-" + index;
    }
}
