package dev.guildcast.gateway;

import static dev.guildcast.gateway.GatewayFixture.IDENT;
import static dev.guildcast.gateway.GatewayFixture.resumeFrame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The parts of the test vectors V06 to V10 that concern the gateway: Resume, and which closes end the session.
@ParameterizedClass
@ValueSource(strings = {"frame", "webflux"})
class ResumeVectorsIT {
    @Parameter
    private String layer = "";

    private static GatewayFixture gateway;

    @BeforeParameterizedClassInvocation
    static void start(String layer) {
        gateway = new GatewayFixture("--gateway.socket.layer=" + layer);
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        gateway.close();
    }

    @Test
    void v06ReplaysWhatWasMissedAndThenSendsResumed() {
        var live = gateway.live();
        gateway.host.publish(live.sessionId(), "MESSAGE_CREATE", "{\"id\":\"m3\"}");
        live.client().dispatch("MESSAGE_CREATE");
        live.client().drop();
        for (int i = 4; i <= 6; i++) {
            gateway.host.publish(live.sessionId(), "MESSAGE_CREATE", "{\"id\":\"m" + i + "\"}");
        }
        try (var client = gateway.openAfterHello()) {
            var missed = gateway.resume(client, live.sessionId(), 3);
            assertThat(missed)
                    .extracting(it -> it.path("t").asString() + it.path("s").asInt())
                    .containsExactly("MESSAGE_CREATE4", "MESSAGE_CREATE5", "MESSAGE_CREATE6", "RESUMED6");
            assertThat(missed.getLast().path("d").isObject()).isTrue();
            gateway.host.publish(live.sessionId(), "MESSAGE_CREATE", "{\"id\":\"m7\"}");
            assertThat(client.dispatch("MESSAGE_CREATE").path("s").asInt()).isEqualTo(7);
            client.sendClose(4000);
        }
        try (var client = TestClient.open(gateway.port, "/?v=10&encoding=json")) {
            client.op(10);
            var missed = gateway.resume(client, live.sessionId(), 6);
            assertThat(missed)
                    .extracting(it -> it.path("t").asString() + it.path("s").asInt())
                    .containsExactly("MESSAGE_CREATE7", "RESUMED7");
        }
    }

    @Test
    void v06SendsResumedWithTheClientsOwnSequenceWhenNothingWasMissed() {
        var live = gateway.live();
        live.client().drop();
        try (var client = gateway.openAfterHello()) {
            var missed = gateway.resume(client, live.sessionId(), 2);
            assertThat(missed).hasSize(1);
            assertThat(missed.getFirst().path("s").asInt()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"op\":6,\"d\":{\"token\":\"tok-a\",\"session_id\":\"unknown\",\"seq\":4}}",
                "{\"op\":6,\"d\":{\"token\":\"tok-a\",\"session_id\":null,\"seq\":null}}",
                "{\"op\":6,\"d\":{\"token\":\"tok-a\",\"session_id\":\"SID\",\"seq\":0}}",
                "{\"op\":6,\"d\":{\"token\":\"tok-a\",\"session_id\":\"SID\",\"seq\":-1}}",
                "{\"op\":6,\"d\":{\"token\":\"tok-a\",\"session_id\":\"SID\",\"seq\":\"2\"}}",
                "{\"op\":6,\"d\":{\"token\":\"tok-b\",\"session_id\":\"SID\",\"seq\":2}}",
                "{\"op\":6,\"d\":{\"token\":\"nope\",\"session_id\":\"SID\",\"seq\":2}}",
                "{\"op\":6,\"d\":{\"token\":\"tok-a\",\"session_id\":\"00000000000000000000000000000000\",\"seq\":2}}",
                "{\"op\":6,\"d\":{\"token\":\"tok-a\",\"session_id\":\"ffff0000000000000000000000000000\",\"seq\":2}}"
            })
    void v07RejectsAResumeByOp9AndAcceptsAnIdentifyOnTheSameSocket(String frame) {
        var live = gateway.live();
        live.client().drop();
        try (var client = gateway.openAfterHello()) {
            client.send(frame.replace("SID", live.sessionId()));
            var leadIn = client.message();
            assertThat(leadIn.path("op").asInt()).isEqualTo(1);
            var invalid = client.message();
            assertThat(invalid.path("op").asInt()).isEqualTo(9);
            assertThat(invalid.path("d").isBoolean()).isTrue();
            assertThat(invalid.path("d").asBoolean()).isFalse();
            client.send(IDENT);
            var ready = client.dispatch("READY");
            assertThat(ready.path("s").asInt()).isEqualTo(1);
            assertThat(ready.path("d").path("session_id").asString()).isNotEqualTo(live.sessionId());
        }
        assertThat(gateway.host.hasSession(live.sessionId())).isTrue();
    }

    @Test
    void v08ClosesAResumeWithAFutureSequenceAndEndsTheSession() {
        for (var sequence : new String[] {"999", "99999999999"}) {
            var live = gateway.live();
            live.client().drop();
            try (var client = gateway.openAfterHello()) {
                client.send(resumeFrame("tok-a", live.sessionId(), 7).replace("\"seq\":7", "\"seq\":" + sequence));
                assertThat(client.closeCode()).isEqualTo(4007);
            }
            try (var client = gateway.openAfterHello()) {
                client.send(resumeFrame("tok-a", live.sessionId(), 2));
                client.op(1);
                client.op(9);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001})
    void v09EndsTheSessionWhenItsClientClosesNormally(int code) {
        var live = gateway.live();
        live.client().sendClose(code);
        await().untilAsserted(() ->
                assertThat(gateway.host.hasSession(live.sessionId())).isFalse());
        live.client().close();
    }

    @ParameterizedTest
    @ValueSource(ints = {4000, 4200, 4900, 1012, 3000, 0, -1})
    void v09KeepsTheSessionAfterAnyOtherClose(int code) {
        var live = gateway.live();
        if (code > 0) {
            live.client().sendClose(code);
        } else if (code == 0) {
            live.client().sendCloseWithoutCode();
        } else {
            live.client().drop();
        }
        await().untilAsserted(() ->
                assertThat(gateway.host.session(live.sessionId()).detaches).isEqualTo(1));
        try (var client = gateway.openAfterHello()) {
            gateway.resume(client, live.sessionId(), 2);
        }
        live.client().close();
    }

    @Test
    void v10SupersedesTheOlderOfTwoConnections() {
        var live = gateway.live();
        try (var older = live.client();
                var newer = gateway.openAfterHello()) {
            gateway.host.publish(live.sessionId(), "MESSAGE_CREATE", "{}");
            older.dispatch("MESSAGE_CREATE");
            gateway.resume(newer, live.sessionId(), 2);
            assertThat(older.closeCode()).isEqualTo(4000);
            gateway.host.publish(live.sessionId(), "MESSAGE_CREATE", "{}");
            newer.dispatch("MESSAGE_CREATE");
        }
    }
}
