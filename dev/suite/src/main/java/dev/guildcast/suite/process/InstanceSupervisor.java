package dev.guildcast.suite.process;

import dev.guildcast.suite.process.HealthProbe.Health;
import dev.guildcast.suite.process.ServiceLauncher.LaunchException;
import dev.guildcast.suite.process.ServiceLauncher.RunningInstance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Supervises one service instance: waits for its dependencies, starts it, probes its health and restarts it when it
/// ends or no longer responds.
///
/// - **Owner:** its own thread, which runs [#run]; [#status], [#kill], [#prepareStop] and [#stop] may be called from
///   any thread.
/// - **Promise:** an instance is ready only after its own process has reported that it serves and its health probe
///   succeeded, so that another server on its port is never mistaken for it. After [#prepareStop] it is not restarted.
final class InstanceSupervisor implements Runnable {
    /// Services start one after the other, so each wait adds to the start of the suite.
    private static final Duration START_POLL = Duration.ofMillis(50);
    /// How soon a running instance is seen to be due for its next probe.
    private static final Duration EXIT_POLL = Duration.ofMillis(500);
    /// Each health probe costs the service several milliseconds of CPU time.
    private static final Duration HEALTH_POLL = Duration.ofSeconds(3);
    /// An exit is reported, and the instance restarted, only if the suite is not being stopped.
    private static final Duration EXIT_GRACE = Duration.ofMillis(150);
    /// Ctrl-C and a signal to the process group reach the children as soon as this process, which on a busy machine
    /// takes longer to begin its own stop.
    private static final Duration SIGNALLED_EXIT_GRACE = Duration.ofSeconds(2);

    private final ServiceSpec spec;
    private final ServiceLauncher launcher;
    private final Path log;
    private final BooleanSupplier dependenciesReady;
    private final Supervision supervision;
    private final Backoff backoff;
    private final SuiteListener listener;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final CountDownLatch stopping = new CountDownLatch(1);
    private volatile ServiceStatus status;
    private volatile @Nullable RunningInstance running;
    private volatile @Nullable String failure;
    private final AtomicInteger kills = new AtomicInteger();
    private boolean wasReady;
    private int failedStarts;

    InstanceSupervisor(
            Supervisor.Service service,
            Path log,
            BooleanSupplier dependenciesReady,
            Supervision supervision,
            SuiteListener listener) {
        this.spec = service.spec();
        this.launcher = service.launcher();
        this.log = log;
        this.dependenciesReady = dependenciesReady;
        this.supervision = supervision;
        this.backoff = supervision.backoff().get();
        this.listener = listener;
        this.status = new ServiceStatus(spec.name(), spec.index(), 0, spec.ports(), ServiceState.WAITING, 0);
    }

    ServiceSpec spec() {
        return spec;
    }

    ServiceStatus status() {
        return status;
    }

    /// Why this instance will never be ready; the message is for the user.
    Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    @Override
    public void run() {
        try {
            while (!dependenciesReady.getAsBoolean()) {
                if (awaitClosing(START_POLL)) {
                    return;
                }
            }
            while (!awaitClosing(Duration.ZERO)) {
                var end = runOnce();
                if (awaitClosing(end.signalled() ? SIGNALLED_EXIT_GRACE : EXIT_GRACE)) {
                    return;
                }
                var delay = backoff.nextDelay(end.healthyFor());
                transitionTo(status.restarted());
                listener.onEnded(status, end.reason(), delay);
                countFailedStart(end);
                if (awaitClosing(delay)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            end();
        }
    }

    /// How often its process was killed.
    int kills() {
        return kills.get();
    }

    /// A kill from outside says nothing about the service.
    private void countFailedStart(InstanceEnd end) {
        if (end.killed()) {
            kills.incrementAndGet();
        }
        if (!wasReady && !end.killed() && ++failedStarts >= supervision.failedStartsMax()) {
            failure = spec.id() + " ended " + failedStarts + " times in a row before it was ready: " + end.reason()
                    + "; its log is " + log;
        }
    }

    /// How a run ended.
    ///
    /// @param healthyFor the longest time without interruption that it was ready
    /// @param killed by SIGKILL from outside
    /// @param signalled by a signal that asks it to end, which it may have received with this process
    private record InstanceEnd(String reason, Duration healthyFor, boolean killed, boolean signalled) {
        static InstanceEnd of(String reason) {
            return new InstanceEnd(reason, Duration.ZERO, false, false);
        }
    }

    /// Runs the instance once, until it ends.
    private InstanceEnd runOnce() throws InterruptedException {
        RunningInstance current;
        long logBytesBefore;
        try {
            transitionTo(status.with(ServiceState.STARTING, 0));
            logBytesBefore = Files.exists(log) ? Files.size(log) : 0;
            current = launcher.launch(spec, log);
        } catch (LaunchException | IOException e) {
            return InstanceEnd.of(String.valueOf(e.getMessage()));
        }
        running = current;
        transitionTo(status.with(ServiceState.STARTING, current.process().pid()));
        var life = new LifeSigns(System.nanoTime());
        while (!current.awaitExit(status.state() == ServiceState.STARTING ? START_POLL : EXIT_POLL)) {
            if (stopping.getCount() == 0) {
                return InstanceEnd.of("");
            }
            if (status.state() == ServiceState.READY && life.sinceProbe() < HEALTH_POLL.toNanos()) {
                continue;
            }
            var health = current.isStarted()
                    ? spec.health().map(supervision.probe()::probe).orElse(Health.HEALTHY)
                    : Health.UNHEALTHY;
            // A killed process stops responding a moment before its exit is visible.
            if (health != Health.HEALTHY && status.state() == ServiceState.READY && current.awaitExit(EXIT_GRACE)) {
                break;
            }
            life.probed(health, System.nanoTime());
            showHealth(health);
            var hung = life.hung(status.state());
            if (hung.isPresent() && closing.getCount() > 0 && current.canBeKilled()) {
                current.kill();
                current.awaitExit(SIGNALLED_EXIT_GRACE);
                return new InstanceEnd(hung.get(), life.healthyFor(), false, false);
            }
        }
        boolean killed = current.wasKilled();
        var reason = killed ? "killed" : FailureReasonExtractor.likelyFailureReason(log, logBytesBefore);
        return new InstanceEnd(reason, life.healthyFor(), killed, current.wasAskedToEnd());
    }

    private void showHealth(Health health) {
        var next = health == Health.HEALTHY
                ? ServiceState.READY
                : status.state() == ServiceState.STARTING ? ServiceState.STARTING : ServiceState.UNHEALTHY;
        wasReady |= next == ServiceState.READY;
        if (next != status.state()) {
            transitionTo(status.with(next, status.pid()));
        }
    }

    private void transitionTo(ServiceStatus next) {
        status = next;
        listener.onState(next);
    }

    private boolean awaitClosing(Duration atMost) throws InterruptedException {
        return closing.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
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

    /// From now on an end is final; the instance keeps running.
    void prepareStop() {
        closing.countDown();
    }

    /// Stops the instance and returns when it has ended.
    ///
    /// @param atMost then it is killed
    void stop(Duration atMost) {
        closing.countDown();
        stopping.countDown();
        var current = running;
        if (current != null) {
            current.stop(atMost);
        }
    }

    /// Also for an instance that was launched while [#stop] was called.
    private void end() {
        var current = running;
        if (current != null) {
            current.stop(SIGNALLED_EXIT_GRACE);
        }
        transitionTo(status.with(ServiceState.STOPPED, 0));
    }

    /// What the probes of one run have found.
    private final class LifeSigns {
        private final long startedNanos;
        private long probedNanos;
        private long respondedNanos;
        private long readySinceNanos;
        private boolean ready;
        private Duration longestReady = Duration.ZERO;

        LifeSigns(long nanos) {
            this.startedNanos = nanos;
            this.probedNanos = nanos;
            this.respondedNanos = nanos;
        }

        long sinceProbe() {
            return System.nanoTime() - probedNanos;
        }

        void probed(Health health, long nanos) {
            probedNanos = nanos;
            if (health != Health.SILENT) {
                respondedNanos = nanos;
            }
            boolean nowReady = health == Health.HEALTHY;
            if (nowReady && !ready) {
                readySinceNanos = nanos;
            }
            if (nowReady || ready) {
                longestReady = longer(longestReady, Duration.ofNanos(nanos - readySinceNanos));
            }
            ready = nowReady;
        }

        Duration healthyFor() {
            return ready ? longer(longestReady, Duration.ofNanos(System.nanoTime() - readySinceNanos)) : longestReady;
        }

        /// Why it counts as hanging, if it does.
        Optional<String> hung(ServiceState state) {
            if (state == ServiceState.STARTING) {
                return System.nanoTime() - startedNanos > supervision.startMax().toNanos()
                        ? Optional.of("had not started after "
                                + supervision.startMax().toSeconds() + " s")
                        : Optional.empty();
            }
            return System.nanoTime() - respondedNanos > supervision.silenceMax().toNanos()
                    ? Optional.of(
                            "did not respond for " + supervision.silenceMax().toSeconds() + " s")
                    : Optional.empty();
        }

        private static Duration longer(Duration a, Duration b) {
            return a.compareTo(b) >= 0 ? a : b;
        }
    }
}
