package dev.guildcast.suite.process;

import dev.guildcast.suite.process.Launcher.LaunchFailed;
import dev.guildcast.suite.process.Launcher.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// The life of one service instance: waits for what it needs, starts it, watches it, starts it again.
///
/// - **Owner:** its own thread, which runs [#run]; [#status], [#kill] and [#stop] may be called from any thread.
/// - **Promise:** an instance is ready only after its own process has said that it serves and its health was good, so
///   that a stranger on its port is never taken for it. After [#stop] it is not started again.
final class ServiceLoop implements Runnable {
    private static final Duration START_POLL = Duration.ofMillis(50);
    /// How soon an instance that lives notices that it is to end.
    private static final Duration LIFE_POLL = Duration.ofMillis(500);
    /// Each look at the health of a service costs it several milliseconds.
    private static final Duration HEALTH_POLL = Duration.ofSeconds(3);
    /// Ctrl-C reaches the children as soon as it reaches us: a death is reported only if we are not asked to end, too.
    private static final Duration GRACE = Duration.ofMillis(150);

    private final ServiceSpec spec;
    private final Launcher launcher;
    private final Path log;
    private final BooleanSupplier mayStart;
    private final HealthProbe health;
    private final Backoff backoff;
    private final SuiteListener listener;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private volatile ServiceStatus status;
    private volatile @Nullable Running running;

    ServiceLoop(
            ServiceSpec spec,
            Launcher launcher,
            Path log,
            BooleanSupplier mayStart,
            HealthProbe health,
            Backoff backoff,
            SuiteListener listener) {
        this.spec = spec;
        this.launcher = launcher;
        this.log = log;
        this.mayStart = mayStart;
        this.health = health;
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
            while (!mayStart.getAsBoolean()) {
                if (stopsWithin(START_POLL)) {
                    return;
                }
            }
            while (!stopsWithin(Duration.ZERO)) {
                long began = System.nanoTime();
                var why = live();
                if (stopsWithin(GRACE)) {
                    return;
                }
                var pause = backoff.afterLifeOf(Duration.ofNanos(System.nanoTime() - began));
                become(status.restarted());
                listener.onEnded(status, why, pause);
                if (stopsWithin(pause)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            end();
        }
    }

    /// One life of the instance.
    ///
    /// @return why it ended
    private String live() throws InterruptedException {
        Running current;
        long before;
        try {
            become(status.with(ServiceState.STARTING, 0));
            before = Files.exists(log) ? Files.size(log) : 0;
            current = launcher.launch(spec, log);
        } catch (LaunchFailed | IOException e) {
            return String.valueOf(e.getMessage());
        }
        running = current;
        become(status.with(ServiceState.STARTING, current.process().pid()));
        long probed = 0;
        while (!current.awaitEnd(status.state() == ServiceState.STARTING ? START_POLL : LIFE_POLL)) {
            if (stopsWithin(Duration.ZERO)) {
                return "";
            }
            if (status.state() == ServiceState.READY && System.nanoTime() - probed < HEALTH_POLL.toNanos()) {
                continue;
            }
            boolean good =
                    current.isStarted() && spec.health().map(health::isGood).orElse(true);
            // A process that was killed stops answering a moment before it is known to have ended.
            if (!good && status.state() == ServiceState.READY && current.awaitEnd(GRACE)) {
                break;
            }
            var next = good
                    ? ServiceState.READY
                    : status.state() == ServiceState.STARTING ? ServiceState.STARTING : ServiceState.UNHEALTHY;
            probed = System.nanoTime();
            if (next != status.state()) {
                become(status.with(next, status.pid()));
            }
        }
        return current.wasKilled() ? "killed" : LogTail.lastWords(log, before);
    }

    private void become(ServiceStatus next) {
        status = next;
        listener.onState(next);
    }

    private boolean stopsWithin(Duration atMost) throws InterruptedException {
        return stopping.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }

    /// Ends the instance without notice, as `kill -9` does; it is started again.
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

    /// Asks for the end; the thread of the loop sees to it.
    void stop() {
        stopping.countDown();
    }

    private void end() {
        var current = running;
        if (current != null) {
            current.stop();
        }
        become(status.with(ServiceState.STOPPED, 0));
    }
}
