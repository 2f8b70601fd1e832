package dev.guildcast.session.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topology;
import dev.guildcast.link.v1.Attach;
import dev.guildcast.link.v1.Credit;
import dev.guildcast.link.v1.Detach;
import dev.guildcast.link.v1.GatewayMessage;
import dev.guildcast.link.v1.Hello;
import dev.guildcast.link.v1.OpenSession;
import dev.guildcast.link.v1.Ping;
import dev.guildcast.session.SessionProperties;
import dev.guildcast.session.attach.AttachMetrics;
import dev.guildcast.session.attach.FrontendContext;
import dev.guildcast.session.attach.HostedShardRegistry;
import dev.guildcast.session.resume.ResumeProperties;
import dev.guildcast.session.shard.SessionShard;
import dev.guildcast.session.testing.RecordingTransport;
import dev.guildcast.session.testing.TestLog;
import dev.guildcast.session.testing.TestPayloadReader;
import dev.guildcast.session.testing.TestRecords;
import dev.guildcast.session.testing.TestShard;
import dev.guildcast.shard.node.PlacementMode;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

/// One gateway's stream to a host of two session shards, whose loops and clock the test controls.
class GrpcGatewayStreamTest {
    private static final Topology TOPOLOGY = new Topology(4, 1, 1, 2);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Duration DEAD_AFTER = Duration.ofSeconds(4);
    private static final long GUILD = 1L << 22;
    private static final long ALICE = userOf(0);
    private static final long BOB = userOf(1);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final HostedShardRegistry hostedShards = new HostedShardRegistry(new FrontendContext(
            TOPOLOGY,
            new SessionProperties(TIMEOUT, PlacementMode.STATIC, Duration.ZERO),
            new ResumeProperties(Duration.ofMinutes(5), 16_384, Duration.ofSeconds(30), DataSize.ofMegabytes(1)),
            new TestPayloadReader(new TestLog()),
            () -> 42,
            this::nanoTime,
            new AttachMetrics(meters)));
    private final Host first = new Host(0);
    private final Host second = new Host(1);
    private long nanos;
    private final GrpcLinkEndpoint endpoint =
            new GrpcLinkEndpoint(hostedShards, TOPOLOGY, "node-1", DEAD_AFTER, meters, this::nanoTime);
    private final FakeServerCall call = new FakeServerCall();
    private final StreamObserver<GatewayMessage> stream = endpoint.connect(call);

    private long nanoTime() {
        return nanos;
    }

    // ---- pings

    @Test
    void aPingIsAnsweredAtOnceAndByEachShardsLoop() {
        hello(1 << 20);
        ping(1);
        assertThat(messages()).containsExactly("hello", "pong");
        second.shard.run();
        assertThat(messages()).containsExactly("pong of shard 1");
        first.shard.run();
        assertThat(messages()).containsExactly("pong of shard 0");
    }

    @Test
    void aLoopThatIsBehindAnswersTheNewestPingOnce() {
        hello(1 << 20);
        for (int id = 1; id <= 1_000; id++) {
            ping(id);
        }
        call.sent.clear();
        first.shard.run();
        assertThat(call.sent).hasSize(1);
        assertThat(call.sent.getFirst().getPong().getId()).isEqualTo(1_000);
        ping(1_001);
        call.sent.clear();
        first.shard.run();
        assertThat(call.sent.getFirst().getPong().getId()).isEqualTo(1_001);
    }

    @Test
    void aGatewayThatSendsPingsIsLostWhenNothingComesInTime() {
        hello(1 << 20);
        ping(1);
        advance(DEAD_AFTER.minusMillis(250));
        assertThat(call.failure).isNull();
        advance(Duration.ofMillis(250));
        assertThat(call.failure).hasMessageContaining("UNAVAILABLE");
        assertThat(endpoint.gateways()).isZero();
        assertThat(meters.get("guildcast.session.link.deadlines").counter().count())
                .isEqualTo(1);
    }

    @Test
    void anythingThatComesShowsThatTheGatewayIsThere() {
        hello(1 << 20);
        ping(1);
        for (int i = 0; i < 20; i++) {
            advance(DEAD_AFTER.minusMillis(500));
            credit(1);
        }
        assertThat(call.failure).isNull();
    }

    @Test
    void aGatewayOfAnEarlierVersionIsNotExpectedToSendPings() {
        hello(1 << 20);
        advance(Duration.ofMinutes(10));
        assertThat(call.failure).isNull();
    }

    @Test
    void aStreamWithoutHelloIsEnded() {
        advance(DEAD_AFTER);
        assertThat(call.failure).hasMessageContaining("UNAVAILABLE");
    }

    @Test
    void whileThisProcessWasPausedNoGatewayWasSilent() {
        hello(1 << 20);
        ping(1);
        nanos += Duration.ofMinutes(1).toNanos();
        endpoint.endSilentStreams();
        assertThat(call.failure).isNull();
        advance(DEAD_AFTER);
        assertThat(call.failure).isNotNull();
    }

    // ---- shards do not wait for each other

    @Test
    void aBlockedShardKeepsNeitherCreditNorRequestsFromTheOthers() {
        hello(1);
        open(1, 0, 10, ALICE);
        open(2, 1, 11, BOB);
        first.shard.run();
        second.shard.run();
        assertThat(messages()).containsExactly("hello", "1:opened", "1:s1 READY", "2:opened");
        // The first READY has used up the credit. From here on the first shard's loop does not run.
        for (int i = 0; i < 1_000; i++) {
            attach(100 + i, 0);
        }
        second.deliver(11, 3);
        assertThat(messages()).isEmpty();
        credit(1 << 20);
        second.shard.run();
        assertThat(messages()).containsExactly("2:s1 READY", "2:s2 EVENT", "2:s3 EVENT", "2:s4 EVENT");
    }

    @Test
    void whatABlockedShardHasNoRoomForIsToBeRetriedAndItsDetachesAreKept() {
        hello(1 << 20);
        open(1, 0, 10, ALICE);
        first.shard.run();
        var id = call.sent.stream()
                .filter(it -> it.hasOpened())
                .findFirst()
                .orElseThrow()
                .getOpened()
                .getSessionId();
        call.sent.clear();
        int sent = 0;
        while (call.sent.isEmpty() && sent < 1_000_000) {
            attach(100 + sent++, 0);
        }
        assertThat(messages()).containsExactly((100 + sent - 1) + ":retry");
        assertThat(meters.get("guildcast.session.link.overflows").counter().count())
                .isEqualTo(1);
        assertThat(sent).as("attaches that find room").isGreaterThan(30_000);
        stream.onNext(GatewayMessage.newBuilder()
                .setDetach(Detach.newBuilder()
                        .setHandle(1)
                        .setSessionId(id)
                        .setAttachId(10)
                        .setEnd(true))
                .build());
        attach(99, 0);
        assertThat(messages()).containsExactly("99:retry");
        first.shard.run();
        assertThat(first.machine.sessions().size()).as("ended by its client").isZero();
        attach(99, 0);
        first.shard.run();
        assertThat(messages()).endsWith("99:invalid");
    }

    @Test
    void aGatewayThatReadsNoRepliesLosesItsStream() {
        hello(1 << 20);
        call.ready = false;
        for (int i = 0; i <= GrpcGatewayStream.UNREAD_REPLIES_MAX; i++) {
            assertThat(call.failure).isNull();
            attach(i, 7);
        }
        assertThat(call.failure).hasMessageContaining("RESOURCE_EXHAUSTED");
        assertThat(endpoint.gateways()).isZero();
    }

    // ---- sessions of a lost gateway

    @Test
    void sessionsOfALostGatewayAreKeptForAsLongAsItMayNeedToTellItsClients() {
        stream.onNext(GatewayMessage.newBuilder()
                .setHello(Hello.newBuilder()
                        .setGatewayId("g")
                        .setInitialCredit(1 << 20)
                        .setHoldMillis(20_000))
                .build());
        open(1, 0, 10, ALICE);
        first.shard.run();
        ping(1);
        advance(DEAD_AFTER);
        assertThat(call.failure).isNotNull();
        first.shard.run();
        advance(Duration.ofMillis(19_750));
        assertThat(first.machine.sessions().size())
                .as("the timeout of 5 s has passed, the hold has not")
                .isEqualTo(1);
        advance(Duration.ofMillis(500));
        assertThat(first.machine.sessions().size()).isZero();
    }

    @Test
    void anAttachOfTheSameConnectionOnANewStreamContinuesTheSession() {
        hello(1 << 20);
        open(1, 0, 10, ALICE);
        first.shard.run();
        var id = call.sent.stream()
                .filter(it -> it.hasOpened())
                .findFirst()
                .orElseThrow()
                .getOpened()
                .getSessionId();
        ping(1);
        advance(DEAD_AFTER);
        first.shard.run();
        first.deliver(10, 2);
        var nextCall = new FakeServerCall();
        var next = endpoint.connect(nextCall);
        next.onNext(GatewayMessage.newBuilder()
                .setHello(Hello.newBuilder().setGatewayId("g").setInitialCredit(1 << 20))
                .build());
        next.onNext(GatewayMessage.newBuilder()
                .setReattach(dev.guildcast.link.v1.Reattach.newBuilder()
                        .setHandle(1)
                        .setSessionId(id)
                        .setUserId(ALICE)
                        .setAttachId(10)
                        .setSequence(1)
                        .setFinished(true))
                .build());
        first.shard.run();
        assertThat(text(nextCall)).containsExactly("hello", "1:attached", "1:s2 EVENT", "1:s3 EVENT");
        advance(TIMEOUT.multipliedBy(3));
        assertThat(first.machine.sessions().size()).as("it is connected again").isEqualTo(1);
    }

    // ---- helpers

    private void advance(Duration time) {
        for (long left = time.toMillis(); left > 0; left -= 250) {
            nanos += Math.min(250, left) * 1_000_000;
            endpoint.endSilentStreams();
            for (var host : List.of(first, second)) {
                host.shard.tick(nanos);
                // A loop that the test does not run otherwise has nothing to do but what its timers cause.
                if (call.failure != null) {
                    host.shard.run();
                }
            }
        }
    }

    private void hello(long credit) {
        stream.onNext(GatewayMessage.newBuilder()
                .setHello(Hello.newBuilder().setGatewayId("g").setInitialCredit(credit))
                .build());
    }

    private void ping(long id) {
        stream.onNext(
                GatewayMessage.newBuilder().setPing(Ping.newBuilder().setId(id)).build());
    }

    private void credit(long bytes) {
        stream.onNext(GatewayMessage.newBuilder()
                .setCredit(Credit.newBuilder().setBytes(bytes))
                .build());
    }

    private void open(long handle, int shard, long request, long user) {
        stream.onNext(GatewayMessage.newBuilder()
                .setOpen(OpenSession.newBuilder()
                        .setHandle(handle)
                        .setShard(shard)
                        .setOpen(TestRecords.open(shard, request, user)))
                .build());
    }

    /// Attaches to a session that does not exist.
    private void attach(long handle, int shard) {
        stream.onNext(GatewayMessage.newBuilder()
                .setAttach(Attach.newBuilder()
                        .setHandle(handle)
                        .setSessionId("000" + shard + "0".repeat(28))
                        .setUserId(1)
                        .setAttachId(handle + 1)
                        .setSequence(1))
                .build());
    }

    /// What was sent since the last call.
    private List<String> messages() {
        return text(call);
    }

    private static List<String> text(FakeServerCall from) {
        var transport = new RecordingTransport();
        transport.sent.addAll(from.sent);
        from.sent.clear();
        return transport.take();
    }

    private static long userOf(int shard) {
        return LongStream.rangeClosed(1, 1_000)
                .filter(user -> TOPOLOGY.sessionShard(user).index() == shard)
                .findFirst()
                .orElseThrow();
    }

    /// One shard of the host.
    private final class Host {
        final TestLog log = new TestLog();
        final SessionShard machine;
        final TestShard shard;

        Host(int index) {
            machine = new SessionShard(ShardId.session(index), TOPOLOGY, Duration.ofMinutes(5), 16_384);
            shard = new TestShard(log, 77 + index, machine, hostedShards.listener(machine));
            log.append(TestRecords.joined(GUILD, userOf(index)));
            shard.claim();
            shard.run();
        }

        void deliver(long request, int times) {
            var session = machine.sessions().openedBy(request);
            assertThat(session).isNotNull();
            for (int i = 0; i < times; i++) {
                log.append(TestRecords.deliver(GUILD, "EVENT", "{}", session.offset()));
            }
            shard.run();
        }
    }
}
