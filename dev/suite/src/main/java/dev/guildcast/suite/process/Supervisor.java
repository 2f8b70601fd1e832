package dev.guildcast.suite.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

    /// Services save nothing at their end that a successor needs, so what is not done by then is left undone.
    private static final Duration SERVICES_STOP_MAX = Duration.ofMillis(1_500);
    /// Kafka flushes its logs; killed, it checks them at its next start. With the above, whoever waits for the end
    /// waits less than 5 s, also on a busy machine that takes a second to start the command and to end this JVM.
    private static final Duration BROKERS_STOP_MAX = Duration.ofMillis(1_200);
    /// For the thread of an instance that has ended.
    private static final Duration THREAD_STOP_MAX = Duration.ofMillis(500);

    private final List<InstanceSupervisor> services;
    private final int killsMax;
    private final List<Thread> threads = new ArrayList<>();

    /// @param logs folder with one log file per instance id; created if missing
    public Supervisor(List<Service> services, Path logs, SuiteListener listener) {
        this(services, logs, listener, Supervision.defaults());
    }

    Supervisor(List<Service> services, Path logs, SuiteListener listener, Supervision supervision) {
        try {
            Files.createDirectories(logs);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create the log folder " + logs, e);
        }
        this.killsMax = supervision.failedStartsMax();
        this.services = services.stream()
                .map(service -> new InstanceSupervisor(
                        service,
                        logs.resolve(service.spec().id() + ".log"),
                        () -> allReady(service.spec().dependencies()),
                        supervision,
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
        return services.stream().map(InstanceSupervisor::status).toList();
    }

    /// Kills one instance as `kill -9` does; it is restarted.
    ///
    /// @param id as [ServiceSpec#id]
    /// @return false if there is no such instance, or it has no process at the moment
    public boolean kill(String id) {
        return services.stream()
                .filter(supervised -> supervised.spec().id().equals(id))
                .anyMatch(InstanceSupervisor::kill);
    }

    /// Why the services will never all be ready: an instance has ended too often before it was ready once, or processes
    /// were killed too often. Of use only until all have been ready, for later kills are repaired one by one.
    public Optional<String> failure() {
        return services.stream()
                .flatMap(supervised -> supervised.failure().stream())
                .findFirst()
                .or(this::killedTooOften);
    }

    /// The kernel kills whatever is largest when memory runs short, so the kills of all instances count together.
    private Optional<String> killedTooOften() {
        int kills = services.stream().mapToInt(InstanceSupervisor::kills).sum();
        if (kills < killsMax) {
            return Optional.empty();
        }
        var killed = services.stream()
                .filter(supervised -> supervised.kills() > 0)
                .map(supervised -> supervised.spec().id())
                .toList();
        return Optional.of("processes were killed " + kills + " times before the suite was ready ("
                + String.join(", ", killed) + "), as the system does when memory runs short: end other programs, or use"
                + " up --single, which needs less");
    }

    /// From now on no instance that ends is restarted; all keep running.
    public void prepareStop() {
        services.forEach(InstanceSupervisor::prepareStop);
    }

    /// Stops all services, those that others depend on last, and returns within five seconds. Services in this JVM
    /// cannot be killed: it returns when they have closed.
    @Override
    public void close() {
        // First of all: a signal may have ended some already, and whoever is restarted now would have to be stopped
        // again.
        prepareStop();
        // Those without dependents first, so that no service loses its broker while it works.
        var dependencies = Set.copyOf(services.stream()
                .flatMap(supervised -> supervised.spec().dependencies().stream())
                .toList());
        stopAll(
                services.stream()
                        .filter(supervised ->
                                !dependencies.contains(supervised.spec().name()))
                        .toList(),
                SERVICES_STOP_MAX);
        stopAll(
                services.stream()
                        .filter(supervised ->
                                dependencies.contains(supervised.spec().name()))
                        .toList(),
                BROKERS_STOP_MAX);
    }

    private void stopAll(List<InstanceSupervisor> stopping, Duration atMost) {
        var stops = stopping.stream()
                .map(supervised -> Thread.ofVirtual().start(() -> supervised.stop(atMost)))
                .toList();
        stops.forEach(Supervisor::join);
        for (int i = 0; i < threads.size(); i++) {
            if (stopping.contains(services.get(i))) {
                join(threads.get(i), THREAD_STOP_MAX);
            }
        }
    }

    /// Of a thread that ends by its own bound.
    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void join(Thread thread, Duration atMost) {
        try {
            thread.join(atMost);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
