package dev.guildcast.gateway.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.guildcast.contract.Intents;
import dev.guildcast.contract.SessionId;
import dev.guildcast.contract.ShardId;
import dev.guildcast.delivery.v1.Open;
import dev.guildcast.delivery.v1.Presence;
import dev.guildcast.gateway.link.PathProxy.Direction;
import dev.guildcast.gateway.loop.Loop;
import dev.guildcast.shard.coordination.MemoryShardMap;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.grpc.client.ChannelBuilderOptions;
import org.springframework.grpc.client.GrpcChannelFactory;

/// A gateway's link and a session host with real gRPC and the default times; between them a path that swallows packets
/// and keeps all connections open.
class SwallowedPathIT {
    private static final int CLIENTS = 40;
    /// The promise is 8 s; the rest is for a machine that is busy with other tests.
    private static final Duration SILENCE_MAX = Duration.ofSeconds(12);
    private static final Duration PUBLISH_INTERVAL = Duration.ofMillis(20);
    private static final Duration BUSY_MACHINE = Duration.ofSeconds(30);

    enum Swallowed {
        BOTH_WAYS(EnumSet.allOf(Direction.class)),
        TO_HOST(EnumSet.of(Direction.TO_HOST)),
        TO_GATEWAY(EnumSet.of(Direction.TO_GATEWAY));

        private final Set<Direction> directions;

        Swallowed(Set<Direction> directions) {
            this.directions = directions;
        }
    }

    private final ScheduledExecutorService loopThread = Executors.newSingleThreadScheduledExecutor();
    private final ScheduledExecutorService publisher = Executors.newSingleThreadScheduledExecutor();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<Client> clients = new ArrayList<>();
    private final HostOnLoopback host;
    private final PathProxy path;
    private final GrpcSessionClient link;

    SwallowedPathIT() throws IOException {
        host = new HostOnLoopback();
        path = new PathProxy(host.address());
        var map = new MemoryShardMap();
        map.put(ShardId.session(0), "host", path.address(), 1);
        var properties =
                new Binder(new MapConfigurationPropertySource()).bindOrCreate("gateway.link", LinkProperties.class);
        link = new GrpcSessionClient(
                map,
                HostOnLoopback.TOPOLOGY,
                new GrpcHostChannelFactory(new PlaintextChannels(), properties.keepAlive()),
                properties,
                new LinkMetrics(meters),
                "gateway");
    }

    @BeforeEach
    void connectAll() throws Exception {
        await().atMost(BUSY_MACHINE).until(host::live);
        for (long user = 1; user <= CLIENTS; user++) {
            var client = new Client(user);
            clients.add(client);
            loopThread.execute(client::identify);
        }
        await().atMost(BUSY_MACHINE).until(() -> clients.stream().allMatch(client -> client.lastSequence > 0));
        var users = clients.stream().map(client -> client.user).toList();
        publisher.scheduleAtFixedRate(() -> host.publish(users), 0, PUBLISH_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        await().atMost(BUSY_MACHINE).until(() -> clients.stream().allMatch(client -> client.lastSequence > 10));
    }

    @AfterEach
    void closeAll() throws Exception {
        publisher.shutdownNow();
        link.close();
        path.close();
        host.close();
        loopThread.shutdownNow();
    }

    @ParameterizedTest
    @EnumSource
    void sessionsContinueOnANewConnectionWhenTheirsIsSwallowed(Swallowed swallowed) {
        int connectionsBefore = path.accepted();
        path.swallowOnOpenConnections(swallowed.directions);
        long swallowedNanos = System.nanoTime();
        await().atMost(BUSY_MACHINE).until(() -> path.accepted() > connectionsBefore);
        System.out.printf(
                "%s: a new connection after %d ms%n", swallowed, (System.nanoTime() - swallowedNanos) / 1_000_000);
        awaitProgress();
        report(swallowed.toString());
        assertThat(clients).allSatisfy(client -> {
            assertThat(client.ends).as("no op 7, no op 9, no close").isEmpty();
            assertThat(client.longestSilence()).isLessThan(SILENCE_MAX);
        });
        if (swallowed != Swallowed.TO_GATEWAY) {
            await().atMost(BUSY_MACHINE)
                    .untilAsserted(() -> assertThat(host.meters
                                    .get("guildcast.session.link.deadlines")
                                    .counter()
                                    .count())
                            .as("the host has noticed, too")
                            .isEqualTo(1));
        }
        assertThat(meters.get("guildcast.gateway.link.reattach").timer().count())
                .isGreaterThanOrEqualTo(CLIENTS);
    }

    @ParameterizedTest
    @EnumSource(names = {"BOTH_WAYS", "TO_GATEWAY"})
    void clientsAreAskedToReconnectWhenThePathStaysSwallowedAndLoseNothing(Swallowed swallowed) {
        path.swallow(swallowed.directions);
        long swallowedNanos = System.nanoTime();
        await().atMost(BUSY_MACHINE).until(() -> clients.stream().noneMatch(client -> client.ends.isEmpty()));
        assertThat(link.hostStates()).singleElement().satisfies(state -> {
            assertThat(state.up()).isFalse();
            assertThat(state.silence()).isGreaterThan(Duration.ofSeconds(3));
        });
        assertThat(new SessionHostsHealth(link::hostStates).health().getStatus().getCode())
                .isEqualTo("OUT_OF_SERVICE");
        assertThat(clients).allSatisfy(client -> {
            assertThat(client.ends).containsExactly("op 7");
            assertThat(client.endedNanos - swallowedNanos).isLessThan(SILENCE_MAX.toNanos());
        });
        assertThat(clients.stream().mapToLong(client -> client.endedNanos).max().orElseThrow()
                        - clients.stream()
                                .mapToLong(client -> client.endedNanos)
                                .min()
                                .orElseThrow())
                .as("they do not all return at once")
                .isGreaterThan(Duration.ofMillis(500).toNanos());
        path.heal();
        for (var client : clients) {
            loopThread.execute(client::resume);
        }
        awaitProgress();
        report(swallowed + ", for long");
        assertThat(clients).allSatisfy(client -> assertThat(client.ends).containsExactly("op 7"));
    }

    @Test
    void aHealthyPathIsNeverGivenUp() {
        int connections = path.accepted();
        long untilNanos = System.nanoTime() + Duration.ofSeconds(6).toNanos();
        await().atMost(BUSY_MACHINE).until(() -> System.nanoTime() - untilNanos > 0);
        assertThat(path.accepted()).isEqualTo(connections);
        assertThat(clients).allSatisfy(client -> assertThat(client.ends).isEmpty());
    }

    /// Waits until every client has received events that were published after this call.
    private void awaitProgress() {
        await().atMost(BUSY_MACHINE).until(() -> {
            int newest = clients.stream()
                    .mapToInt(client -> client.lastSequence)
                    .max()
                    .orElseThrow();
            return clients.stream().allMatch(client -> client.lastSequence > newest - 20 && client.isCurrent());
        });
        var before = clients.stream().map(client -> client.lastSequence).toList();
        await().atMost(BUSY_MACHINE)
                .until(() ->
                        IntStream.range(0, CLIENTS).allMatch(i -> clients.get(i).lastSequence > before.get(i) + 20));
    }

    private void report(String what) {
        System.out.printf(
                "%s: longest silence of a client %d ms, re-attaches %d, longest %.0f ms%n",
                what,
                clients.stream()
                        .mapToLong(client -> client.longestSilence().toMillis())
                        .max()
                        .orElseThrow(),
                meters.get("guildcast.gateway.link.reattach").timer().count(),
                meters.get("guildcast.gateway.link.reattach").timer().max(TimeUnit.MILLISECONDS));
    }

    /// A client and its connection; what it receives is checked as it comes.
    private final class Client implements SessionListener {
        private final long user;
        private final List<String> ends = new CopyOnWriteArrayList<>();
        private volatile int lastSequence;
        private volatile long lastEventNanos;
        private volatile long silenceNanosMax;
        private volatile long endedNanos;
        private volatile boolean resumed = true;
        private SessionHandle session;

        Client(long user) {
            this.user = user;
        }

        void identify() {
            session = link.identify(
                    Open.newBuilder()
                            .setUserId(user)
                            .setUser(ByteString.copyFromUtf8("{\"id\":\"" + user + "\"}"))
                            .setIntents(Intents.KNOWN)
                            .setVersion(10)
                            .setEncoding("json")
                            .setLargeThreshold(50)
                            .setResumeUrl("wss://gateway.test")
                            .setPresence(Presence.newBuilder().setStatus("online")),
                    new ExecutorLoop(),
                    this);
        }

        /// As a client that follows op 7.
        void resume() {
            var id = SessionId.parse(session.sessionId()).orElseThrow();
            session.detach(false);
            resumed = false;
            session = link.resume(
                    new SessionClient.ResumeRequest(id, user, lastSequence, 10, "json"), new ExecutorLoop(), this);
        }

        boolean isCurrent() {
            return resumed;
        }

        Duration longestSilence() {
            return Duration.ofNanos(silenceNanosMax);
        }

        @Override
        public void onDispatch(SharedDispatch dispatch, int sequence) {
            long now = System.nanoTime();
            if (sequence != lastSequence + 1) {
                ends.add("a gap: " + sequence + " after " + lastSequence);
            }
            if (sequence > 2) {
                silenceNanosMax = Math.max(silenceNanosMax, now - lastEventNanos);
            }
            lastSequence = sequence;
            lastEventNanos = now;
        }

        @Override
        public void onReady() {}

        @Override
        public void onResumed(int sequence) {
            resumed = true;
        }

        @Override
        public void onInvalid() {
            ends.add("op 9");
        }

        @Override
        public void onSuperseded() {
            ends.add("superseded");
        }

        @Override
        public void onRefused(int closeCode) {
            ends.add("closed with " + closeCode);
        }

        @Override
        public void onUnanswered() {
            ends.add("unanswered");
        }

        @Override
        public void onFailed() {
            ends.add("failed");
        }

        @Override
        public void onOwnerMissing() {
            ends.add("op 7");
            endedNanos = System.nanoTime();
        }
    }

    private final class ExecutorLoop implements Loop {
        @Override
        public void execute(Runnable task) {
            loopThread.execute(task);
        }

        @Override
        public Timer schedule(Runnable task, Duration delay) {
            var future = loopThread.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> future.cancel(false);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof ExecutorLoop;
        }

        @Override
        public int hashCode() {
            return 1;
        }
    }

    private static final class PlaintextChannels implements GrpcChannelFactory {
        @Override
        public boolean supports(String target) {
            return true;
        }

        @Override
        public ManagedChannel createChannel(String target, ChannelBuilderOptions options) {
            var builder = NettyChannelBuilder.forTarget(target.replace("static://", ""))
                    .usePlaintext();
            options.<NettyChannelBuilder>customizer().customize(target, builder);
            return builder.build();
        }
    }
}
