package dev.guildcast.witness.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.witness.Intent;
import dev.guildcast.witness.Observation;
import dev.guildcast.witness.ScenarioBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

@Timeout(60)
class RawClientTest {
    /// The JDK's client sometimes misses an end of stream between two of its reads; a heartbeat detects it.
    private static final long SHORT_HEARTBEAT_MILLIS = 2_000;

    private FakeGateway main;
    private FakeGateway other;
    private RawClient client;

    @BeforeEach
    void open() throws Exception {
        main = new FakeGateway();
        other = new FakeGateway();
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        main.close();
        other.close();
    }

    private FakeGateway.Peer login(boolean zlib) throws Exception {
        client = new RawClient(ScenarioBuilder.bot(1, Intent.GUILDS), main.url(), zlib);
        client.start();
        FakeGateway.Peer peer = main.next();
        JsonNode identify = peer.await(2);
        assertThat(identify.path("d").path("token").asString()).isEqualTo("t1");
        peer.dispatch("READY", 1, "{'session_id':'abc','resume_gateway_url':'" + other.url() + "'}");
        peer.dispatch("GUILD_CREATE", 2, "{'id':'10'}");
        assertThat(client.recording().await(2, Observation.ReceivedDispatch.class::isInstance, 10_000))
                .isTrue();
        return peer;
    }

    private static void assertResume(JsonNode resume, int sequence) {
        assertThat(resume.path("d").path("session_id").asString()).isEqualTo("abc");
        assertThat(resume.path("d").path("seq").asInt()).isEqualTo(sequence);
    }

    @Test
    void recordsDispatchesAndSendsHeartbeats() throws Exception {
        main.heartbeatMillis = 2_500;
        FakeGateway.Peer peer = login(false);
        assertThat(peer.path).isEqualTo("/?v=10&encoding=json");
        assertThat(client.recording().dispatches())
                .extracting(Observation.ReceivedDispatch::type)
                .containsExactly("READY", "GUILD_CREATE");
        assertThat(peer.await(1).path("d").asInt()).isEqualTo(2);
        assertThat(peer.await(1)).isNotNull();
    }

    @Test
    void readsAStreamOfZlib() throws Exception {
        FakeGateway.Peer peer = login(true);
        assertThat(peer.path).isEqualTo("/?v=10&encoding=json&compress=zlib-stream");
        assertThat(client.recording().dispatches()).hasSize(2);
    }

    @Test
    void resumesOnTheSessionsOwnUrlWhenTheConnectionIsLost() throws Exception {
        main.heartbeatMillis = SHORT_HEARTBEAT_MILLIS;
        login(false).drop();
        FakeGateway.Peer next = other.next();
        assertResume(next.await(6), 2);
        next.dispatch("MESSAGE_CREATE", 3, "{}");
        next.dispatch("RESUMED", 3, "{}");
        assertThat(client.recording().await(4, Observation.ReceivedDispatch.class::isInstance, 10_000))
                .isTrue();
        assertThat(client.recording().dispatches())
                .extracting(Observation.ReceivedDispatch::connection)
                .containsExactly(1, 1, 2, 2);
    }

    @Test
    void resumesOnTheMainUrlWhenThatOfTheSessionIsUnreachable() throws Exception {
        FakeGateway.Peer peer = login(false);
        other.close();
        peer.close(4000);
        assertResume(main.next().await(6), 2);
    }

    @Test
    void closesAndResumesOnAReconnectRequest() throws Exception {
        FakeGateway.Peer peer = login(false);
        peer.send("{\"op\":7,\"d\":null}");
        assertThat(peer.closes.poll(10, java.util.concurrent.TimeUnit.SECONDS)).isEqualTo(4000);
        assertResume(other.next().await(6), 2);
        assertThat(client.recording().count(Observation.ReconnectRequested.class::isInstance))
                .isEqualTo(1);
    }

    @Test
    void identifiesAgainAfterInvalidSession() throws Exception {
        main.heartbeatMillis = SHORT_HEARTBEAT_MILLIS;
        login(false).drop();
        FakeGateway.Peer refusing = other.next();
        refusing.await(6);
        refusing.send("{\"op\":9,\"d\":false}");
        assertThat(main.next().await(2)).isNotNull();
        assertThat(client.recording().count(Observation.InvalidSession.class::isInstance))
                .isEqualTo(1);
    }

    @Test
    void doesNotReconnectAfterAuthenticationFailed() throws Exception {
        FakeGateway.Peer peer = login(false);
        peer.close(4004);
        assertThat(client.recording().await(1, Observation.Closed.class::isInstance, 10_000))
                .isTrue();
        assertThat(main.connections.poll(1, java.util.concurrent.TimeUnit.SECONDS))
                .isNull();
        assertThat(other.connections.poll()).isNull();
    }

    @Test
    void aCutOfItsOwnIsFollowedByAResume() throws Exception {
        login(false);
        client.dropConnection();
        assertResume(other.next().await(6), 2);
    }
}
