package dev.guildcast.suite;

import dev.guildcast.suite.forward.TcpForwarder;
import dev.guildcast.suite.image.Image;
import dev.guildcast.suite.plan.SuiteOptions;
import dev.guildcast.suite.plan.SuitePlan;
import dev.guildcast.suite.plan.SuitePlan.IngressTokens;
import dev.guildcast.suite.process.JavaProcess;
import dev.guildcast.suite.process.Launcher;
import dev.guildcast.suite.process.RedisProcess;
import dev.guildcast.suite.process.SameProcess;
import dev.guildcast.suite.process.ServiceSpec;
import dev.guildcast.suite.process.ServiceState;
import dev.guildcast.suite.process.ServiceStatus;
import dev.guildcast.suite.process.SuiteListener;
import dev.guildcast.suite.process.Supervisor;
import dev.guildcast.suite.publish.IngressClient;
import dev.guildcast.suite.status.StatusFile;
import dev.guildcast.suite.status.SuiteFolder;
import dev.guildcast.suite.status.SuiteStatus;
import dev.guildcast.suite.world.ShownMemberships;
import dev.guildcast.suite.world.World;
import dev.guildcast.suite.world.WorldLoader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// One running suite: brokers, services, the addresses in front of them, and the world in it.
///
/// - **Owner:** whoever started it closes it; the rest may be called from any thread.
/// - **Promise:** after [#close] none of its processes is left and no port is held.
public final class LocalSuite implements AutoCloseable {
    private static final int GATEWAY_CONNECTIONS_MAX = 2_000;
    private static final int INGRESS_CONNECTIONS_MAX = 200;
    private static final Duration STATUS_EVERY = Duration.ofSeconds(1);
    /// So long the services may take from the ingress' answer until clients are shown the world.
    private static final Duration SHOWN_MAX = Duration.ofSeconds(20);

    private final SuitePlan plan;
    private final IngressTokens tokens;
    private final StatusFile statusFile;
    private final Supervisor supervisor;
    private final List<TcpForwarder> forwarders = new ArrayList<>();
    private final FileChannel lock;
    private final World world;
    private final Consumer<String> says;
    private final CountDownLatch ready = new CountDownLatch(1);
    private final CountDownLatch closing = new CountDownLatch(1);
    private @Nullable Thread reporter;
    private long shownUntilNanos;
    private boolean loaded;

    /// Starts a suite in this process's folder and returns at once; [#awaitReady] waits.
    ///
    /// @param listener hears of each service
    /// @param says takes sentences for the screen
    /// @throws IllegalStateException if a suite runs in this folder, or a port is taken; the message is a sentence
    /// @throws IllegalArgumentException if the world cannot be read; likewise
    public static LocalSuite start(
            SuiteOptions options, SuiteFolder folder, Image image, SuiteListener listener, Consumer<String> says) {
        var world = World.read(options.world());
        var lock = lock(folder);
        try {
            var tokens = new IngressTokens(newToken(), newToken(), newToken());
            var plan = new SuitePlan(options, folder, tokens);
            var taken = plan.ports().taken();
            if (!taken.isEmpty()) {
                throw new IllegalStateException(
                        String.join(", ", taken) + ": end what holds it, or choose others by --port");
            }
            Leftovers.delete(folder.kafka());
            Leftovers.delete(folder.logs());
            Files.writeString(folder.tokens(), world.tokenFile());
            Files.writeString(folder.world(), world.file());
            var suite = new LocalSuite(options, plan, tokens, folder, image, lock, world, listener, says);
            suite.begin();
            return suite;
        } catch (IOException e) {
            Leftovers.close(lock);
            throw new UncheckedIOException("cannot write into " + folder.home(), e);
        } catch (RuntimeException e) {
            Leftovers.close(lock);
            throw e;
        }
    }

    private LocalSuite(
            SuiteOptions options,
            SuitePlan plan,
            IngressTokens tokens,
            SuiteFolder folder,
            Image image,
            FileChannel lock,
            World world,
            SuiteListener listener,
            Consumer<String> says) {
        this.plan = plan;
        this.tokens = tokens;
        this.statusFile = new StatusFile(folder);
        this.lock = lock;
        this.world = world;
        this.says = says;
        Launcher java =
                options.single() ? new SameProcess() : new JavaProcess(image.java(), image.jvmArgs(), folder.started());
        var services = plan.services().stream()
                .map(spec ->
                        new Supervisor.Service(spec, spec.name().equals(SuitePlan.REDIS) ? new RedisProcess() : java))
                .toList();
        this.supervisor = new Supervisor(services, folder.logs(), new Reporting(listener));
    }

    private void begin() throws IOException {
        try {
            forward(plan.gatewayPort(), SuitePlan.GATEWAY, "http", GATEWAY_CONNECTIONS_MAX);
            forward(plan.ingressPort(), SuitePlan.FANOUT, "ingress", INGRESS_CONNECTIONS_MAX);
            forward(plan.ingressGrpcPort(), SuitePlan.FANOUT, "grpc", INGRESS_CONNECTIONS_MAX);
        } catch (IOException e) {
            forwarders.forEach(TcpForwarder::close);
            throw e;
        }
        supervisor.start();
        reporter = Thread.ofVirtual().name("suite-status").start(this::report);
    }

    private void forward(int port, String service, String use, int connectionsMax) throws IOException {
        forwarders.add(TcpForwarder.listen(port, () -> living(service, use), connectionsMax));
    }

    private List<InetSocketAddress> living(String service, String use) {
        return supervisor.statuses().stream()
                .filter(status -> status.name().equals(service) && status.state() == ServiceState.READY)
                .map(status -> new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), status.ports().getOrDefault(use, 0)))
                .toList();
    }

    /// Loads the world once all services are ready, waits until clients would be shown it, and keeps the status file
    /// true.
    private void report() {
        try {
            while (!closing.await(STATUS_EVERY.toMillis() / (isReady() ? 1 : 10), TimeUnit.MILLISECONDS)) {
                if (ready.getCount() > 0 && supervisor.isReady() && showsWorld()) {
                    ready.countDown();
                }
                statusFile.write(status());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            statusFile.delete();
        }
    }

    private boolean showsWorld() {
        if (!loaded) {
            loaded = loadWorld();
            shownUntilNanos = System.nanoTime() + SHOWN_MAX.toNanos();
        }
        if (!loaded) {
            return false;
        }
        var hosts = living(SuitePlan.SESSION, "grpc").stream()
                .map(host -> host.getHostString() + ":" + host.getPort())
                .toList();
        var missing = new ShownMemberships(hosts).missing(world.memberships());
        if (!missing.isEmpty() && System.nanoTime() - shownUntilNanos > 0) {
            says.accept("after " + SHOWN_MAX.toSeconds() + " s users are not in all their guilds yet: "
                    + missing.stream().map(Long::toUnsignedString).collect(Collectors.joining(", ")));
            return true;
        }
        return missing.isEmpty();
    }

    private boolean loadWorld() {
        try {
            new WorldLoader(new IngressClient(plan.ingressUrl(), tokens.world()))
                    .load(world)
                    .forEach(says);
            return true;
        } catch (IOException e) {
            says.accept("the world is not loaded yet: " + e.getMessage());
            return false;
        }
    }

    public boolean isReady() {
        return ready.getCount() == 0 && supervisor.isReady();
    }

    /// Waits until all services are ready, the world is loaded and clients would be shown it.
    ///
    /// @return false if that took longer
    public boolean awaitReady(Duration atMost) throws InterruptedException {
        return ready.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    public SuiteStatus status() {
        var instances = supervisor.statuses().stream()
                .map(one -> new SuiteStatus.Instance(
                        one.name(),
                        one.index(),
                        one.pid(),
                        one.ports(),
                        one.state().word(),
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

    /// What runs, as [ServiceSpec#id] names it.
    public List<String> ids() {
        return plan.services().stream().map(ServiceSpec::id).toList();
    }

    /// Kills one instance as `kill -9` would; it is started again.
    ///
    /// @return false if there is none such, or it has no process at the moment
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
        forwarders.forEach(TcpForwarder::close);
        supervisor.close();
        if (reporter != null) {
            try {
                reporter.join(STATUS_EVERY);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        Leftovers.close(lock);
    }

    private static FileChannel lock(SuiteFolder folder) {
        try {
            Files.createDirectories(folder.home());
            var channel = FileChannel.open(folder.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            @Nullable FileLock lock = channel.tryLock();
            if (lock == null) {
                channel.close();
                throw new IllegalStateException(
                        "a suite runs in " + folder.home() + " already: ./guildcast down ends it");
            }
            return channel;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write into " + folder.home(), e);
        }
    }

    private static String newToken() {
        var random = new byte[16];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    /// Passes on what happens, and writes the status down at once: other commands shall see a death when it happens.
    private final class Reporting implements SuiteListener {
        private final SuiteListener next;

        Reporting(SuiteListener next) {
            this.next = next;
        }

        @Override
        public void onState(ServiceStatus status) {
            next.onState(status);
        }

        @Override
        public void onEnded(ServiceStatus status, String why, Duration pause) {
            next.onEnded(status, why, pause);
            if (closing.getCount() > 0) {
                statusFile.write(status());
            }
        }
    }
}
