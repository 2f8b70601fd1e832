package dev.guildcast.suite.process;

import dev.guildcast.suite.process.ServiceLauncher.LaunchException;
import dev.guildcast.suite.process.ServiceLauncher.RunningInstance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Supervises one service instance: waits for its dependencies, starts it, probes its health and restarts it.
///
/// - **Owner:** its own thread, which runs [#run]; [#status], [#kill] and [#stop] may be called from any thread.
/// - **Promise:** an instance is ready only after its own process has reported that it serves and its health probe
///   succeeded, so that another server on its port is never mistaken for it. After [#stop] it is not restarted.
final class ServiceSupervisor implements Runnable {
    /// Services start one after the other, so each wait adds to the start of the suite.
    private static final Duration START_POLL = Duration.ofMillis(50);
    /// How soon a running instance reacts to [#stop].
    private static final Duration EXIT_POLL = Duration.ofMillis(500);
    /// Each health probe costs the service several milliseconds of CPU time.
    private static final Duration HEALTH_POLL = Duration.ofSeconds(3);
    /// Ctrl-C reaches the children as soon as this process: an exit is reported only if no stop follows within this.
    private static final Duration EXIT_GRACE = Duration.ofMillis(150);

    private final ServiceSpec spec;
    private final ServiceLauncher launcher;
    private final Path log;
    private final BooleanSupplier dependenciesReady;
    private final HealthProbe healthProbe;
    private final Backoff backoff;
    private final SuiteListener listener;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private volatile ServiceStatus status;
    private volatile @Nullable RunningInstance running;

    ServiceSupervisor(
            ServiceSpec spec,
            ServiceLauncher launcher,
            Path log,
            BooleanSupplier dependenciesReady,
            HealthProbe healthProbe,
            Backoff backoff,
            SuiteListener listener) {
        this.spec = spec;
        this.launcher = launcher;
        this.log = log;
        this.dependenciesReady = dependenciesReady;
        this.healthProbe = healthProbe;
        this.backoff = backoff;
        this.listener = listener;
        this.status = new ServiceStatus(spec.name(), spec.index(), 0, spec.ports(), ServiceState.WAITING, 0);
    }

    ServiceSpec spec() {
        return spec;
    }

    ServiceStatus status() {
        return status;
    }

    @Override
    public void run() {
        try {
            while (!dependenciesReady.getAsBoolean()) {
                if (awaitStop(START_POLL)) {
                    return;
                }
            }
            while (!awaitStop(Duration.ZERO)) {
                long startedNanos = System.nanoTime();
                var reason = runOnce();
                if (awaitStop(EXIT_GRACE)) {
                    return;
                }
                var delay = backoff.nextDelay(Duration.ofNanos(System.nanoTime() - startedNanos));
                transitionTo(status.restarted());
                listener.onEnded(status, reason, delay);
                if (awaitStop(delay)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            end();
        }
    }

    /// Runs the instance once, until it ends.
    ///
    /// @return why it ended
    private String runOnce() throws InterruptedException {
        RunningInstance current;
        long logBytesBefore;
        try {
            transitionTo(status.with(ServiceState.STARTING, 0));
            logBytesBefore = Files.exists(log) ? Files.size(log) : 0;
            current = launcher.launch(spec, log);
        } catch (LaunchException | IOException e) {
            return String.valueOf(e.getMessage());
        }
        running = current;
        transitionTo(status.with(ServiceState.STARTING, current.process().pid()));
        long probedNanos = 0;
        while (!current.awaitExit(status.state() == ServiceState.STARTING ? START_POLL : EXIT_POLL)) {
            if (awaitStop(Duration.ZERO)) {
                return "";
            }
            if (status.state() == ServiceState.READY && System.nanoTime() - probedNanos < HEALTH_POLL.toNanos()) {
                continue;
            }
            boolean healthy = current.isStarted()
                    && spec.health().map(healthProbe::isHealthy).orElse(true);
            // A killed process stops responding a moment before its exit is visible.
            if (!healthy && status.state() == ServiceState.READY && current.awaitExit(EXIT_GRACE)) {
                break;
            }
            var next = healthy
                    ? ServiceState.READY
                    : status.state() == ServiceState.STARTING ? ServiceState.STARTING : ServiceState.UNHEALTHY;
            probedNanos = System.nanoTime();
            if (next != status.state()) {
                transitionTo(status.with(next, status.pid()));
            }
        }
        return current.wasKilled() ? "killed" : LogTailReader.likelyFailureReason(log, logBytesBefore);
    }

    private void transitionTo(ServiceStatus next) {
        status = next;
        listener.onState(next);
    }

    private boolean awaitStop(Duration atMost) throws InterruptedException {
        return stopping.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }

    /// Kills the instance as `kill -9` does; it is restarted.
    ///
    /// @return false if it has no process at the moment
    boolean kill() {
        var current = running;
        if (current == null || !current.process().isAlive()) {
            return false;
        }
        current.kill();
        return true;
    }

    /// Requests the stop, which the supervising thread carries out.
    void stop() {
        stopping.countDown();
    }

    private void end() {
        var current = running;
        if (current != null) {
            current.stop();
        }
        transitionTo(status.with(ServiceState.STOPPED, 0));
    }
}
