package dev.guildcast.suite.local;

import dev.guildcast.shard.access.PeerRole;
import dev.guildcast.suite.forward.TcpForwarder;
import dev.guildcast.suite.jvm.JavaCommand;
import dev.guildcast.suite.plan.SuiteOptions;
import dev.guildcast.suite.plan.SuitePlan;
import dev.guildcast.suite.plan.SuitePlan.IngressTokens;
import dev.guildcast.suite.process.InProcessLauncher;
import dev.guildcast.suite.process.JavaProcessLauncher;
import dev.guildcast.suite.process.RedisProcessLauncher;
import dev.guildcast.suite.process.ServiceLauncher;
import dev.guildcast.suite.process.ServiceSpec;
import dev.guildcast.suite.process.ServiceState;
import dev.guildcast.suite.process.ServiceStatus;
import dev.guildcast.suite.process.SuiteListener;
import dev.guildcast.suite.process.Supervisor;
import dev.guildcast.suite.status.FileFailure;
import dev.guildcast.suite.status.StatusFile;
import dev.guildcast.suite.status.SuiteFolder;
import dev.guildcast.suite.status.SuiteIdentity;
import dev.guildcast.suite.status.SuiteStatus;
import dev.guildcast.suite.world.GuildMembershipProbe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One running suite: brokers, services, the forwarders in front of them, and the world loaded into it.
///
/// - **Owner:** the caller that started it closes it; the rest may be called from any thread.
/// - **Promise:** after [#close] none of its processes is left and no port is held.
public final class LocalSuite implements AutoCloseable {
    /// Two threads and 16 KB each: enough for load tests on one machine.
    private static final int GATEWAY_CONNECTIONS_MAX = 2_000;
    /// A publisher keeps one connection, so this is plenty.
    private static final int INGRESS_CONNECTIONS_MAX = 200;
    /// Where one is taken its neighbours often are, by another suite.
    private static final int TAKEN_PORTS_NAMED = 3;
    /// As fresh as a person or a script that polls the status needs it.
    private static final Duration STATUS_INTERVAL = Duration.ofSeconds(1);
    /// Soon enough for whoever waits for the start.
    private static final Duration FAILURE_POLL = Duration.ofMillis(100);

    private final SuitePlan plan;
    private final IngressTokens tokens;
    private final StatusFile statusFile;
    private final Supervisor supervisor;
    private final List<TcpForwarder> forwarders = new ArrayList<>();
    private final SuiteLock lock;
    private final WorldStart world;
    private final Consumer<String> console;
    private final String startAdvice;
    private final CountDownLatch ready = new CountDownLatch(1);
    private volatile boolean isWorldServed;
    private final CountDownLatch closing = new CountDownLatch(1);
    private @Nullable Thread reporter;
    private volatile boolean statusFailed;

    /// Starts a suite in this process's folder and returns at once; [#awaitReady] waits.
    ///
    /// @param listener receives the changes of each service instance
    /// @param console receives messages for the terminal
    /// @throws IllegalStateException if a suite runs in this folder, or a port is taken; the message is for the
    ///     user
    /// @throws IllegalArgumentException if the world cannot be read; the message is for the user
    public static LocalSuite start(
            SuiteOptions options,
            SuiteFolder folder,
            JavaCommand javaCommand,
            SuiteListener listener,
            Consumer<String> console) {
        return start(options, folder, javaCommand, listener, console, () -> {});
    }

    /// As the other.
    ///
    /// @param onAcquired runs once no other suite can run in the folder, before anything in it changes
    public static LocalSuite start(
            SuiteOptions options,
            SuiteFolder folder,
            JavaCommand javaCommand,
            SuiteListener listener,
            Consumer<String> console,
            Runnable onAcquired) {
        var lock = SuiteLock.acquire(folder);
        try {
            onAcquired.run();
            requireFree(new SuitePlan(options, folder, new IngressTokens("", "", "")));
            var state = SuiteState.open(folder, options);
            VoiceCertificate.ensure(folder);
            SuiteCleanup.delete(folder.logs());
            ServiceLauncher java = options.single()
                    ? new InProcessLauncher()
                    : new JavaProcessLauncher(javaCommand.java(), javaCommand.jvmArgs(), folder.readyMarkers());
            var plan = new SuitePlan(options, folder, state.tokens());
            var suite = new LocalSuite(plan, state, lock, java, listener, console);
            suite.startServices();
            return suite;
        } catch (IOException e) {
            lock.close();
            throw SuiteLock.cannotWrite(folder, e);
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static void requireFree(SuitePlan plan) {
        var taken = plan.ports().taken();
        if (!taken.isEmpty()) {
            int others = taken.size() - TAKEN_PORTS_NAMED;
            throw new IllegalStateException(String.join(
                            ", ", taken.subList(0, Math.min(taken.size(), TAKEN_PORTS_NAMED)))
                    + (others > 0 ? " and " + others + " others" : "")
                    + ": stop the process that holds it, or choose others with --port");
        }
    }

    private LocalSuite(
            SuitePlan plan,
            SuiteState state,
            SuiteLock lock,
            ServiceLauncher java,
            SuiteListener listener,
            Consumer<String> console) {
        this.plan = plan;
        this.tokens = state.tokens();
        this.statusFile = new StatusFile(lock.folder());
        this.lock = lock;
        this.console = console;
        this.startAdvice = state.advice();
        this.world = new WorldStart(state, plan.ingressUrl(), this::membershipProbe, console);
        var services = plan.services().stream()
                .map(spec -> new Supervisor.Service(
                        spec, spec.name().equals(SuitePlan.REDIS) ? new RedisProcessLauncher() : java))
                .toList();
        this.supervisor = new Supervisor(services, lock.folder().logs(), new StatusUpdatingListener(listener));
    }

    private void startServices() throws IOException {
        try {
            forward(plan.gatewayPort(), SuitePlan.GATEWAY, "http", GATEWAY_CONNECTIONS_MAX);
            forward(plan.ingressPort(), SuitePlan.FANOUT, "ingress", INGRESS_CONNECTIONS_MAX);
            forward(plan.ingressGrpcPort(), SuitePlan.FANOUT, "ingress-grpc", INGRESS_CONNECTIONS_MAX);
        } catch (IOException e) {
            forwarders.forEach(TcpForwarder::close);
            throw e;
        }
        supervisor.start();
        reporter = Thread.ofVirtual().name("suite-status").start(this::runReporter);
    }

    private void forward(int port, String service, String use, int connectionsMax) throws IOException {
        forwarders.add(TcpForwarder.listen(port, () -> readyAddresses(service, use), connectionsMax));
    }

    private List<InetSocketAddress> readyAddresses(String service, String use) {
        return supervisor.statuses().stream()
                .filter(status -> status.name().equals(service) && status.state() == ServiceState.READY)
                .map(status -> new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), status.ports().getOrDefault(use, 0)))
                .toList();
    }

    /// Loads the world once all services are ready, waits until identifying clients would receive it, and keeps the
    /// status file up to date.
    private void runReporter() {
        try {
            while (!closing.await(STATUS_INTERVAL.toMillis() / (isReady() ? 1 : 10), TimeUnit.MILLISECONDS)) {
                if (!isWorldServed && supervisor.isReady() && world.isDone()) {
                    isWorldServed = true;
                }
                writeStatus();
                if (isWorldServed) {
                    // Only now: whoever waited may read the status file next.
                    ready.countDown();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            deleteStatus();
        }
    }

    /// A full disk must not end the thread that loads the world; it is reported once until it is over.
    private void writeStatus() {
        try {
            statusFile.write(status());
            statusFailed = false;
        } catch (UncheckedIOException e) {
            if (!statusFailed) {
                statusFailed = true;
                console.accept("other commands see an old status, because it cannot be written: "
                        + FileFailure.reason(Objects.requireNonNull(e.getCause())));
            }
        }
    }

    private void deleteStatus() {
        try {
            statusFile.delete();
        } catch (UncheckedIOException e) {
            // Its process has ended, so it counts as none.
        }
    }

    private GuildMembershipProbe membershipProbe() {
        var hosts = readyAddresses(SuitePlan.SESSION, "grpc").stream()
                .map(host -> host.getHostString() + ":" + host.getPort())
                .toList();
        return new GuildMembershipProbe(hosts, SuiteIdentity.of(lock.folder(), PeerRole.OPERATOR));
    }

    public boolean isReady() {
        return isWorldServed && supervisor.isReady();
    }

    /// Waits until all services are ready, the world is loaded and identifying clients would receive it.
    ///
    /// @return false if that took longer
    /// @throws IllegalStateException if it never will be; the message is for the user
    public boolean awaitReady(Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (!ready.await(FAILURE_POLL.toMillis(), TimeUnit.MILLISECONDS)) {
            var failure = supervisor.failure();
            if (failure.isPresent()) {
                throw new IllegalStateException(failure.get() + startAdvice);
            }
            if (System.nanoTime() - deadline >= 0) {
                return false;
            }
        }
        return true;
    }

    public SuiteStatus status() {
        var instances = supervisor.statuses().stream()
                .map(one -> new SuiteStatus.Instance(
                        one.name(),
                        one.index(),
                        one.pid(),
                        one.ports(),
                        one.state().label(),
                        one.restarts()))
                .toList();
        return new SuiteStatus(
                isReady(),
                ProcessHandle.current().pid(),
                plan.api(),
                plan.gatewayUrl(),
                plan.gatewayUrls(),
                plan.ingressUrl().toString(),
                plan.ingressGrpcTarget(),
                tokens.local(),
                instances);
    }

    /// The ids of all instances; see [ServiceSpec#id].
    public List<String> ids() {
        return plan.services().stream().map(ServiceSpec::id).toList();
    }

    /// Kills one instance as `kill -9` does; it is restarted.
    ///
    /// @return false if there is no such instance, or it has no process at the moment
    public boolean kill(String id) {
        return supervisor.kill(id);
    }

    /// Waits for [#close].
    public void awaitClose() throws InterruptedException {
        closing.await();
    }

    @Override
    public void close() {
        if (closing.getCount() == 0) {
            return;
        }
        closing.countDown();
        supervisor.prepareStop();
        forwarders.forEach(TcpForwarder::close);
        supervisor.close();
        if (reporter != null) {
            try {
                reporter.join(STATUS_INTERVAL);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        lock.close();
    }

    /// Forwards the changes, and writes the status file as soon as an instance ends, so that other commands see it.
    private final class StatusUpdatingListener implements SuiteListener {
        private final SuiteListener delegate;

        StatusUpdatingListener(SuiteListener delegate) {
            this.delegate = delegate;
        }

        @Override
        public void onState(ServiceStatus status) {
            delegate.onState(status);
        }

        @Override
        public void onEnded(ServiceStatus status, String reason, Duration backoff) {
            delegate.onEnded(status, reason, backoff);
            if (closing.getCount() > 0) {
                writeStatus();
            }
        }
    }
}
