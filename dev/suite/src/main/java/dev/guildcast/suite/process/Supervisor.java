package dev.guildcast.suite.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Keeps the services of one suite running until it is closed.
///
/// - **Owner:** its creator calls [#start] and [#close] once each; the rest may be called from any thread.
/// - **Bound:** one virtual thread per service instance.
/// - **Promise:** after [#close] none of its processes is left. If this JVM ends before, its children end by
///   themselves.
public final class Supervisor implements AutoCloseable {
    /// A service instance and its launcher.
    public record Service(ServiceSpec spec, ServiceLauncher launcher) {}

    /// Longer than a launcher waits before it kills an instance that does not stop.
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);

    private final List<ServiceSupervisor> services;
    private final List<Thread> threads = new ArrayList<>();

    /// @param logs folder with one log file per instance id; created if missing
    public Supervisor(List<Service> services, Path logs, SuiteListener listener) {
        this(services, logs, listener, HealthProbe.http(), Map.of());
    }

    Supervisor(
            List<Service> services,
            Path logs,
            SuiteListener listener,
            HealthProbe healthProbe,
            Map<String, Backoff> backoffs) {
        try {
            Files.createDirectories(logs);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create the log folder " + logs, e);
        }
        this.services = services.stream()
                .map(service -> new ServiceSupervisor(
                        service.spec(),
                        service.launcher(),
                        logs.resolve(service.spec().id() + ".log"),
                        () -> allReady(service.spec().dependencies()),
                        healthProbe,
                        backoffs.getOrDefault(service.spec().name(), Backoff.defaults()),
                        listener))
                .toList();
    }

    public void start() {
        for (var supervised : services) {
            threads.add(Thread.ofVirtual().name(supervised.spec().id()).start(supervised));
        }
    }

    private boolean allReady(Set<String> names) {
        return services.stream()
                .filter(supervised -> names.contains(supervised.spec().name()))
                .allMatch(supervised -> supervised.status().state() == ServiceState.READY);
    }

    public boolean isReady() {
        return services.stream().allMatch(supervised -> supervised.status().state() == ServiceState.READY);
    }

    /// Every instance, in the order of the constructor's list.
    public List<ServiceStatus> statuses() {
        return services.stream().map(ServiceSupervisor::status).toList();
    }

    /// Kills one instance as `kill -9` does; it is restarted.
    ///
    /// @param id as [ServiceSpec#id]
    /// @return false if there is no such instance, or it has no process at the moment
    public boolean kill(String id) {
        return services.stream()
                .filter(supervised -> supervised.spec().id().equals(id))
                .anyMatch(ServiceSupervisor::kill);
    }

    /// Stops all services, those that others depend on last.
    @Override
    public void close() {
        long deadline = System.nanoTime() + STOP_TIMEOUT.toNanos();
        // Those without dependents first, so that no service loses its broker while it works.
        var dependencies = Set.copyOf(services.stream()
                .flatMap(supervised -> supervised.spec().dependencies().stream())
                .toList());
        for (boolean dependenciesNow : new boolean[] {false, true}) {
            for (var supervised : services) {
                if (dependencies.contains(supervised.spec().name()) == dependenciesNow) {
                    supervised.stop();
                }
            }
            for (int i = 0; i < threads.size(); i++) {
                if (dependencies.contains(services.get(i).spec().name()) == dependenciesNow) {
                    join(threads.get(i), deadline);
                }
            }
        }
    }

    private static void join(Thread thread, long deadline) {
        try {
            thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
