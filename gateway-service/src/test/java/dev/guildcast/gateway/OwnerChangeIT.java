package dev.guildcast.gateway;

import static dev.guildcast.gateway.GatewayFixture.IDENT;
import static dev.guildcast.gateway.GatewayFixture.resumeFrame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.coordination.MemoryShardMap;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/// What clients notice when hosts fail, lose shards, answer with Retry or send duplicates: nothing, or as little as
/// possible.
class OwnerChangeIT {
    private static GatewayFixture gateway;
    private static FakeSessionHost second;
    private static long epoch = 1;

    @BeforeAll
    static void start() {
        gateway = new GatewayFixture(
                "--gateway.link.ownerless-max=1500ms",
                "--gateway.link.reconnect-spread=0ms",
                "--gateway.link.ask-again=300ms",
                "--gateway.link.retry-max=200ms",
                "--gateway.socket.outbound-limit=64KB",
                "--gateway.socket.parked-max=1500ms",
                "--gateway.identify.authenticate-within=60s");
        second = new FakeSessionHost(gateway.sessions);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        second.close();
    }

    @BeforeEach
    void firstOwnsAll() {
        setOwner(gateway.host);
    }

    private static void setOwner(FakeSessionHost host) {
        epoch++;
        var map = gateway.bean(MemoryShardMap.class);
        for (int i = 0; i < 4; i++) {
            map.put(ShardId.session(i), host.address(), host.address(), epoch);
        }
    }

    private static void clearOwner() {
        var map = gateway.bean(MemoryShardMap.class);
        for (int i = 0; i < 4; i++) {
            map.remove(ShardId.session(i));
        }
    }

    @Test
    void clientsDoNotNoticeAChangeOfOwner() {
        var live = gateway.live();
        try (var client = live.client()) {
            gateway.host.publish(live.sessionId(), "A", "{}");
            setOwner(second);
            await().until(() -> second.pushesTo(live.sessionId()));
            second.publish(live.sessionId(), "B", "{}");
            assertThat(client.dispatch("A").path("s").asInt()).isEqualTo(3);
            assertThat(client.dispatch("B").path("s").asInt()).isEqualTo(4);
            client.send("{\"op\":3,\"d\":{\"status\":\"idle\"}}");
            await().until(() -> second.session(live.sessionId()).commands.size() == 1);
            client.expectNothing(Duration.ofMillis(100));
        }
    }

    @Test
    void clientsDoNotNoticeABrokenStream() {
        var live = gateway.live();
        try (var client = live.client()) {
            gateway.host.breakStreams();
            gateway.host.publish(live.sessionId(), "A", "{}");
            assertThat(client.dispatch("A").path("s").asInt()).isEqualTo(3);
            gateway.host.moved(live.sessionId());
            gateway.host.publish(live.sessionId(), "B", "{}");
            assertThat(client.dispatch("B").path("s").asInt()).isEqualTo(4);
            await().until(() -> gateway.host.pushesTo(live.sessionId()));
            gateway.host.parked(live.sessionId());
            gateway.host.publish(live.sessionId(), "C", "{}");
            assertThat(client.dispatch("C").path("s").asInt()).isEqualTo(5);
        }
    }

    @Test
    void duplicatesAreDroppedAndGapsRequestedAgain() {
        var live = gateway.live();
        try (var client = live.client()) {
            double gaps = gateway.counter("guildcast.gateway.link.gaps");
            gateway.host.pushAgain(live.sessionId(), 1);
            gateway.host.pushAgain(live.sessionId(), 2);
            gateway.host.pushAgain(live.sessionId(), 9);
            await().until(() -> gateway.counter("guildcast.gateway.link.gaps") > gaps);
            gateway.host.publish(live.sessionId(), "A", "{}");
            assertThat(client.dispatch("A").path("s").asInt()).isEqualTo(3);
        }
    }

    @Test
    void aRefusalOfAFormerOwnerIsIgnored() {
        var live = gateway.live();
        try (var client = live.client()) {
            long handle = gateway.host.handleOf(live.sessionId());
            setOwner(second);
            await().until(() -> second.pushesTo(live.sessionId()));
            gateway.host.invalidTo(handle);
            client.expectNothing(Duration.ofMillis(200));
            second.invalid(live.sessionId());
            client.op(9);
        }
    }

    @Test
    void anIdentifyWhoseOwnerMovesEndsInOneSession() {
        gateway.host.answersMoved = true;
        try (var client = gateway.openAfterHello()) {
            client.send(IDENT);
            await().until(() -> gateway.counter("guildcast.gateway.link.moved") > 0);
            setOwner(second);
            client.dispatch("READY");
            client.dispatch("GUILD_CREATE");
        } finally {
            gateway.host.answersMoved = false;
        }
    }

    @Test
    void aResumeIsRetriedUntilTheHostCanAnswer() {
        var live = gateway.live();
        live.client().drop();
        gateway.host.answersRetry = true;
        try (var client = gateway.openAfterHello()) {
            client.send(resumeFrame("tok-a", live.sessionId(), 2));
            client.expectNothing(Duration.ofMillis(300));
            gateway.host.answersRetry = false;
            client.dispatch("RESUMED");
        } finally {
            gateway.host.answersRetry = false;
        }
    }

    @Test
    void commandsWaitForResumedAndAreResentUntilAcknowledged() {
        var live = gateway.live();
        live.client().drop();
        gateway.host.answersRetry = true;
        try (var client = gateway.openAfterHello()) {
            client.send(resumeFrame("tok-a", live.sessionId(), 2));
            client.send("{\"op\":3,\"d\":{\"status\":\"dnd\"}}");
            client.send("{\"op\":8,\"d\":{\"guild_id\":\"1\",\"query\":\"\",\"limit\":0}}");
            gateway.host.answersRetry = false;
            client.dispatch("RESUMED");
            await().until(() -> gateway.host.session(live.sessionId()).commands.size() == 2);
            assertThat(gateway.host.session(live.sessionId()).commands)
                    .extracting(it -> it.getNumber())
                    .containsExactly(1L, 2L);
        } finally {
            gateway.host.answersRetry = false;
        }
    }

    @Test
    void withoutAnOwnerLiveClientsGetReconnectAndKeepTheirSession() {
        var live = gateway.live();
        try (var client = live.client()) {
            clearOwner();
            gateway.host.breakStreams();
            assertThat(client.op(7).path("d").isNull()).isTrue();
            client.drop();
        }
        setOwner(second);
        try (var client = gateway.openAfterHello()) {
            gateway.resume(client, live.sessionId(), 2);
        }
    }

    @Test
    void withoutAnOwnerAnIdentifyGetsOp9AndAResumeIsClosed() {
        var live = gateway.live();
        live.client().drop();
        clearOwner();
        try (var identifying = gateway.openAfterHello();
                var resuming = gateway.openAfterHello()) {
            identifying.send(IDENT);
            resuming.send(resumeFrame("tok-a", live.sessionId(), 2));
            assertThat(identifying.message().path("op").asInt()).isEqualTo(9);
            assertThat(resuming.closeCode()).isEqualTo(4000);
            setOwner(second);
            identifying.send(IDENT);
            identifying.dispatch("READY");
        }
        assertThat(second.hasSession(live.sessionId())).isTrue();
    }

    @Test
    void aSessionThatEndsWhileAttachedCausesOp9AndKeepsTheSocket() {
        var live = gateway.live();
        try (var client = live.client()) {
            gateway.host.closed(live.sessionId());
            assertThat(client.message().path("op").asInt()).isEqualTo(9);
            client.send(IDENT);
            client.dispatch("READY");
        }
    }

    @Test
    void aClientThatDoesNotReadIsParkedAndThenContinuesWithoutAGap() {
        var live = liveWithoutReading();
        for (int i = 0; i < 40; i++) {
            gateway.host.publish(live.sessionId(), "BIG", "\"" + "x".repeat(100_000) + "\"");
        }
        await().until(() -> gateway.counter("guildcast.gateway.parked") > 0);
        try (var client = live.client()) {
            client.read();
            client.op(10);
            client.dispatch("READY");
            client.dispatch("GUILD_CREATE");
            for (int s = 3; s < 43; s++) {
                assertThat(client.dispatch("BIG").path("s").asInt()).isEqualTo(s);
            }
        }
    }

    @Test
    void aClientThatNeverReadsIsClosedAndDelaysNoOther() {
        var blocked = liveWithoutReading();
        var other = gateway.live();
        for (int i = 0; i < 100; i++) {
            gateway.host.publish(blocked.sessionId(), "BIG", "\"" + "x".repeat(100_000) + "\"");
            gateway.host.publish(other.sessionId(), "SMALL", "{}");
        }
        for (int i = 0; i < 100; i++) {
            other.client().dispatch("SMALL");
        }
        await().until(() -> gateway.counter("guildcast.gateway.limited", "limit", "slow_consumer") > 0);
        await().untilAsserted(() ->
                assertThat(gateway.host.session(blocked.sessionId()).detaches).isEqualTo(1));
        blocked.client().close();
        other.client().close();
    }

    private static GatewayFixture.LiveClient liveWithoutReading() {
        var before = gateway.sessions.lastOpened;
        var client = TestClient.open(gateway.port, GatewayFixture.JSON, "", false);
        client.send(IDENT);
        await().until(() -> !gateway.sessions.lastOpened.equals(before));
        var id = gateway.sessions.lastOpened;
        await().until(() -> gateway.host.pushesTo(id));
        return new GatewayFixture.LiveClient(client, id);
    }

    @Test
    void zlibStreamSendsEverythingInBinaryInOneStream() throws DataFormatException {
        try (var client = TestClient.open(gateway.port, "/?v=10&encoding=json&compress=zlib-stream")) {
            var inflater = new Inflater();
            assertThat(next(client, inflater)).contains("\"op\":10");
            client.send("{\"op\":1,\"d\":null}");
            assertThat(next(client, inflater)).contains("\"op\":11");
            client.send(IDENT.replace("\"intents\":513", "\"intents\":513,\"compress\":true"));
            assertThat(next(client, inflater)).contains("READY");
            assertThat(next(client, inflater)).contains("GUILD_CREATE");
            inflater.end();
        }
    }

    private static String next(TestClient client, Inflater inflater) throws DataFormatException {
        var message = (TestClient.Message) client.next();
        assertThat(message.binary()).isTrue();
        inflater.setInput(message.bytes());
        var out = new ByteArrayOutputStream();
        var chunk = new byte[4096];
        int length;
        while ((length = inflater.inflate(chunk)) > 0) {
            out.write(chunk, 0, length);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void payloadCompressionSendsLargeFramesAsWholeDocuments() throws DataFormatException {
        try (var client = gateway.openAfterHello()) {
            client.send(IDENT.replace("\"intents\":513", "\"intents\":513,\"compress\":true"));
            var id = client.dispatch("READY").path("d").path("session_id").asString();
            client.dispatch("GUILD_CREATE");
            gateway.host.publish(id, "BIG", "\"" + "x".repeat(5000) + "\"");
            var inflater = new Inflater();
            var text = next(client, inflater);
            assertThat(new JsonMapper().readTree(text).path("s").asInt()).isEqualTo(3);
            assertThat(inflater.finished()).isTrue();
            inflater.end();
            gateway.host.publish(id, "SMALL", "{}");
            assertThat(((TestClient.Message) client.next()).binary()).isFalse();
        }
    }
}
