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
/// - **Owner:** whoever made it calls [#start] and [#close] once each; the rest may be called from any thread.
/// - **Bound:** one virtual thread a service instance.
/// - **Promise:** after [#close] none of its processes is left. If this JVM dies before, its children see that
/// themselves.
public final class Supervisor implements AutoCloseable {
    /// A service and the way it is started.
    public record Service(ServiceSpec spec, Launcher launcher) {}

    private static final Duration STOP_MAX = Duration.ofSeconds(20);

    private final List<ServiceLoop> loops;
    private final List<Thread> threads = new ArrayList<>();

    /// @param logs a folder, made if missing; each instance has the file of its id in it
    public Supervisor(List<Service> services, Path logs, SuiteListener listener) {
        this(services, logs, listener, HealthProbe.http(), Map.of());
    }

    Supervisor(
            List<Service> services,
            Path logs,
            SuiteListener listener,
            HealthProbe health,
            Map<String, Backoff> backoffs) {
        try {
            Files.createDirectories(logs);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make the folder of the logs", e);
        }
        this.loops = services.stream()
                .map(service -> new ServiceLoop(
                        service.spec(),
                        service.launcher(),
                        logs.resolve(service.spec().id() + ".log"),
                        () -> allReady(service.spec().after()),
                        health,
                        backoffs.getOrDefault(service.spec().name(), Backoff.usual()),
                        listener))
                .toList();
    }

    public void start() {
        for (var loop : loops) {
            threads.add(Thread.ofVirtual().name(loop.spec().id()).start(loop));
        }
    }

    private boolean allReady(Set<String> names) {
        return loops.stream()
                .filter(loop -> names.contains(loop.spec().name()))
                .allMatch(loop -> loop.status().state() == ServiceState.READY);
    }

    public boolean isReady() {
        return loops.stream().allMatch(loop -> loop.status().state() == ServiceState.READY);
    }

    /// Every instance, in the order in which they were given.
    public List<ServiceStatus> statuses() {
        return loops.stream().map(ServiceLoop::status).toList();
    }

    /// Kills one instance as `kill -9` would; it is started again.
    ///
    /// @param id as [ServiceSpec#id]
    /// @return false if there is none such, or it has no process at the moment
    public boolean kill(String id) {
        return loops.stream().filter(loop -> loop.spec().id().equals(id)).anyMatch(ServiceLoop::kill);
    }

    /// Ends all services, the ones others need last of all.
    @Override
    public void close() {
        long deadline = System.nanoTime() + STOP_MAX.toNanos();
        // First those that nothing waits for, so that none sees its broker go while it works.
        var needed = Set.copyOf(
                loops.stream().flatMap(loop -> loop.spec().after().stream()).toList());
        for (boolean last : new boolean[] {false, true}) {
            for (var loop : loops) {
                if (needed.contains(loop.spec().name()) == last) {
                    loop.stop();
                }
            }
            for (int i = 0; i < threads.size(); i++) {
                if (needed.contains(loops.get(i).spec().name()) == last) {
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
