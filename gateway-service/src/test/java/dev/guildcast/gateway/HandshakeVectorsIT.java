package dev.guildcast.gateway;

import static dev.guildcast.gateway.GatewayFixture.IDENT;
import static dev.guildcast.gateway.GatewayFixture.resumeFrame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The main-gateway lines of the vectors V01 to V09 and V14 that a gateway answers for.
class HandshakeVectorsIT {
    private static GatewayFixture gateway;

    @BeforeAll
    static void start() {
        gateway = new GatewayFixture();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void v01GreetsAcknowledgesAndLetsABotIn() {
        try (var client = gateway.open()) {
            var hello = client.message();
            assertThat(hello.toString())
                    .isEqualTo("{\"t\":null,\"s\":null,\"op\":10,\"d\":{\"heartbeat_interval\":41250}}");
            client.send("{\"op\":1,\"d\":null}");
            assertThat(client.message().toString()).isEqualTo("{\"t\":null,\"s\":null,\"op\":11,\"d\":null}");
            client.send(IDENT);
            var ready = client.dispatch("READY");
            assertThat(ready.path("s").asInt()).isEqualTo(1);
            var user = ready.path("d").path("user");
            assertThat(user.path("id").asString()).isEqualTo(GatewayFixture.BOT_A);
            assertThat(user.path("discriminator").asString()).isEqualTo("0");
            assertThat(user.path("avatar").isNull()).isTrue();
            assertThat(user.path("bot").asBoolean()).isTrue();
            assertThat(ready.path("d").path("resume_gateway_url").asString())
                    .isEqualTo("ws://127.0.0.1:" + gateway.port);
            assertThat(client.dispatch("GUILD_CREATE").path("s").asInt()).isEqualTo(2);
            var id = ready.path("d").path("session_id").asString();
            gateway.host.publish(id, "MESSAGE_CREATE", "{\"content\":\"\u00e4\"}");
            var message = client.dispatch("MESSAGE_CREATE");
            assertThat(message.toString())
                    .isEqualTo("{\"t\":\"MESSAGE_CREATE\",\"s\":3,\"op\":0,\"d\":{\"content\":\"\u00e4\"}}");
        }
    }

    @Test
    void v02TakesAnIdentifyThatComesBeforeHelloWasRead() {
        try (var client = gateway.open()) {
            client.send(IDENT);
            client.op(10);
            client.dispatch("READY");
            client.dispatch("GUILD_CREATE");
            client.send("{\"op\":1,\"d\":0}");
            client.op(11);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"//?v=10", "/?v=10", "?v=10", "/", "/?encoding=json&v=9", "/?v=10&compress=whatever"})
    void v03TakesEveryFormOfTheAddress(String target) {
        try (var client = TestClient.open(gateway.port, target)) {
            client.op(10);
            client.send("{\"op\":1,\"d\":0}");
            client.op(11);
            client.send("{\"op\":1,\"d\":0}");
            client.op(11);
            client.send(IDENT);
            client.dispatch("READY");
        }
    }

    @Test
    void v03AsksForABeatWhenAnOperatorDoes() {
        var live = gateway.live();
        try (var client = live.client()) {
            gateway.bean(ConnectionRegistry.class).all().stream()
                    .filter(it -> it.state() == ConnectionState.LIVE)
                    .forEach(it -> it.loop().execute(it::requestBeat));
            var asked = client.op(1);
            assertThat(asked.path("d").isNull()).isTrue();
            assertThat(asked.path("s").asInt()).isEqualTo(2);
            client.send("{\"op\":1,\"d\":2}");
            client.op(11);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            4004 | {"op":2,"d":{"token":"nope","properties":{},"intents":1}}
            4013 | {"op":2,"d":{"token":"tok-a","properties":{}}}
            4013 | {"op":2,"d":{"token":"tok-a","properties":{},"intents":1073741824}}
            4014 | {"op":2,"d":{"token":"tok-a","properties":{},"intents":3}}
            4014 | {"op":2,"d":{"token":"tok-a","properties":{},"intents":32768}}
            4014 | {"op":2,"d":{"token":"tok-a","properties":{},"intents":262144}}
            4010 | {"op":2,"d":{"token":"tok-a","properties":{},"intents":1,"shard":[4,4]}}
            4010 | {"op":2,"d":{"token":"tok-a","properties":{},"intents":1,"shard":[0,0]}}
            4010 | {"op":2,"d":{"token":"tok-a","properties":{},"intents":1,"shard":[-1,2]}}
            4002 | {"op":2,"d":{"token":"tok-a","properties":{},"intents":1,"shard":["0","1"]}}
            4002 | {"op":2,"d":{"token":"tok-a","properties":{},"intents":"1"}}
            4002 | {"op":2,"d":{"token":7,"properties":{},"intents":1}}
            4002 | {"op":2,"d":{"properties":{},"intents":1}}
            4002 | {"op":2,"d":[]}
            """)
    void v04RefusesIdentifiesWithTheirCode(int code, String frame) {
        try (var client = gateway.greeted()) {
            client.send(frame);
            assertThat(client.closeCode()).isEqualTo(code);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"op\":2,\"d\":{\"token\":\"tok-b\",\"properties\":{},\"intents\":33026}}",
                "{\"op\":2,\"d\":{\"token\":\"Bot tok-a\",\"properties\":{\"$os\":\"x\"},\"intents\":0,\"large_threshold\":5,"
                        + "\"presence\":{\"since\":0,\"game\":{\"name\":\"\"},\"status\":\"\",\"afk\":false,\"activities\":null}}}",
                "{\"op\":2,\"d\":{\"token\":\"Bearer usr-1\"}}",
                "{\"op\":2,\"d\":{\"token\":\"tok-a\",\"intents\":1,\"compress\":\"yes\",\"large_threshold\":\"x\",\"presence\":7}}"
            })
    void v04LetsInWhatLibrariesSend(String frame) {
        gateway.live(frame).client().close();
    }

    @Test
    void v04ClampsTheLargeThreshold() {
        var live = gateway.live("{\"op\":2,\"d\":{\"token\":\"tok-a\",\"intents\":0,\"large_threshold\":5}}");
        assertThat(gateway.host.session(live.sessionId()).open.getLargeThreshold())
                .isEqualTo(50);
        live.client().close();
    }

    @Test
    void v04ClosesWithTheCodeThatTheHostRefusesWith() {
        gateway.host.refuseOpen = 4011;
        try (var client = gateway.greeted()) {
            client.send(IDENT);
            assertThat(client.closeCode()).isEqualTo(4011);
        } finally {
            gateway.host.refuseOpen = 0;
        }
    }

    @ParameterizedTest
    @CsvSource({"/?v=7&encoding=json,4012", "/?v=x,4012", "/?v=10&encoding=etf,4002", "/?v=10&encoding=bson,4002"})
    void v04ClosesWhatItDoesNotSpeakAfterTheUpgrade(String target, int code) {
        try (var client = TestClient.open(gateway.port, target)) {
            assertThat(client.status()).isEqualTo(101);
            assertThat(client.closeCode()).isEqualTo(code);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            4003 | {"op":3,"d":{"since":null,"activities":[],"status":"online","afk":false}}
            4003 | {"op":8,"d":{"guild_id":"197038439483310086","query":"","limit":0}}
            4003 | {"op":14,"d":{}}
            4001 | {"op":99,"d":null}
            4001 | {"op":-1,"d":null}
            4001 | {"op":0,"d":null}
            4001 | {"op":99999999999999999999,"d":null}
            """)
    void v05ClosesWhatMayNotComeBeforeIdentify(int code, String frame) {
        try (var client = gateway.greeted()) {
            client.send(frame);
            assertThat(client.closeCode()).isEqualTo(code);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            4005 | {"op":2,"d":{"token":"tok-a","properties":{},"intents":513}}
            4005 | {"op":6,"d":{"token":"tok-a","session_id":"0","seq":1}}
            4001 | {"op":99,"d":null}
            4001 | {"op":14,"d":{}}
            4001 | {"op":40,"d":{}}
            4002 | {"op":"1","d":null}
            4002 | [1,2]
            4002 | {"d":1}
            4002 | {"op":1,"d":nul}
            4002 | {"op":1.5}
            4002 | {"op":1} {"op":1}
            4002 | {"op":3,"d":7}
            4002 | 'null'
            """)
    void v05ClosesWhatNoBotMaySay(int code, String frame) {
        var live = gateway.live();
        try (var client = live.client()) {
            client.send(frame);
            assertThat(client.closeCode()).isEqualTo(code);
        }
        await().untilAsserted(() -> assertThat(gateway.host.hasSession(live.sessionId()))
                .as("kept after %d", code)
                .isEqualTo(code != 4001));
    }

    @Test
    void v05TakesMessagesUpToTheLimitAndNoLonger() {
        var presence =
                "{\"op\":3,\"d\":{\"since\":null,\"activities\":[],\"status\":\"online\",\"afk\":false},\"x\":\"\"}";
        var fitting = presence.replace("\"x\":\"", "\"x\":\"" + "y".repeat(4096 - presence.length()));
        assertThat(fitting).hasSize(4096);
        try (var client = gateway.live().client()) {
            client.send(fitting);
            client.send("{\"op\":1,\"d\":2}");
            client.op(11);
            client.send(fitting.replace("\"x\":\"", "\"x\":\"z"));
            assertThat(client.closeCode()).isEqualTo(4002);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {15361, 20000, 70000, 1000000})
    void v05ClosesMessagesThatAreLongerThanAnyMayBe(int length) {
        try (var client = gateway.live().client()) {
            client.send("x".repeat(length));
            assertThat(client.closeCode()).isEqualTo(4002);
        }
    }

    @Test
    void v05TakesLongerMessagesOfUsers() {
        try (var client = gateway.live("{\"op\":2,\"d\":{\"token\":\"usr-1\",\"properties\":{}}}")
                .client()) {
            client.send("{\"op\":3,\"d\":{\"status\":\"idle\"},\"x\":\"" + "y".repeat(15000) + "\"}");
            client.send("{\"op\":14,\"d\":{}}");
            client.send("{\"op\":40,\"d\":{\"seq\":2}}");
            client.op(11);
        }
    }

    @Test
    void v05TakesJsonInABinaryMessage() {
        try (var client = gateway.live().client()) {
            client.sendBinary("{\"op\":1,\"d\":2}".getBytes(StandardCharsets.UTF_8));
            client.op(11);
        }
    }

    @Test
    void v06ReplaysWhatWasMissedAndThenSaysResumed() {
        var live = gateway.live();
        gateway.host.publish(live.sessionId(), "MESSAGE_CREATE", "{\"id\":\"m3\"}");
        live.client().dispatch("MESSAGE_CREATE");
        live.client().drop();
        for (int i = 4; i <= 6; i++) {
            gateway.host.publish(live.sessionId(), "MESSAGE_CREATE", "{\"id\":\"m" + i + "\"}");
        }
        try (var client = gateway.greeted()) {
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
    void v06SaysResumedWithTheClientsOwnSequenceWhenNothingWasMissed() {
        var live = gateway.live();
        live.client().drop();
        try (var client = gateway.greeted()) {
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
    void v07RefusesAResumeByOp9AndTakesAnIdentifyOnTheSameSocket(String frame) {
        var live = gateway.live();
        live.client().drop();
        try (var client = gateway.greeted()) {
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
    void v08ClosesAResumeFromTheFutureAndForgetsTheSession() {
        for (var sequence : new String[] {"999", "99999999999"}) {
            var live = gateway.live();
            live.client().drop();
            try (var client = gateway.greeted()) {
                client.send(resumeFrame("tok-a", live.sessionId(), 7).replace("\"seq\":7", "\"seq\":" + sequence));
                assertThat(client.closeCode()).isEqualTo(4007);
            }
            try (var client = gateway.greeted()) {
                client.send(resumeFrame("tok-a", live.sessionId(), 2));
                client.op(1);
                client.op(9);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001})
    void v09EndsTheSessionWhenItsClientSaysGoodBye(int code) {
        var live = gateway.live();
        live.client().sendClose(code);
        await().untilAsserted(() ->
                assertThat(gateway.host.hasSession(live.sessionId())).isFalse());
        live.client().close();
    }

    @ParameterizedTest
    @ValueSource(ints = {4000, 4200, 4900, 1012, 3000, 0, -1})
    void v09KeepsTheSessionAfterAnyOtherEnd(int code) {
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
        try (var client = gateway.greeted()) {
            gateway.resume(client, live.sessionId(), 2);
        }
        live.client().close();
    }

    @Test
    void v10SupersedesTheOlderOfTwoConnections() {
        var live = gateway.live();
        try (var older = live.client();
                var newer = gateway.greeted()) {
            gateway.host.publish(live.sessionId(), "MESSAGE_CREATE", "{}");
            older.dispatch("MESSAGE_CREATE");
            gateway.resume(newer, live.sessionId(), 2);
            assertThat(older.closeCode()).isEqualTo(4000);
            gateway.host.publish(live.sessionId(), "MESSAGE_CREATE", "{}");
            newer.dispatch("MESSAGE_CREATE");
        }
    }

    @Test
    void v14ClosesTheHundredAndTwentyFirstFrameOfAWindow() {
        try (var client = gateway.greeted()) {
            client.send("{\"op\":1,\"d\":null}");
            client.send(IDENT);
            client.dispatch("READY");
            client.dispatch("GUILD_CREATE");
            for (int i = 0; i < 118; i++) {
                client.send("{\"op\":1,\"d\":4}");
            }
            for (int i = 0; i < 118; i++) {
                assertThat(client.message().path("op").asInt()).isEqualTo(11);
            }
            client.send("{\"op\":1,\"d\":4}");
            assertThat(client.closeCode()).isEqualTo(4008);
        }
    }

    @Test
    void v14DropsTheSixthPresenceOfAWindowWithoutAWord() {
        var live = gateway.live();
        try (var client = live.client()) {
            for (int i = 0; i < 6; i++) {
                client.send("{\"op\":3,\"d\":{\"status\":\"idle\",\"activities\":[],\"since\":null,\"afk\":false}}");
            }
            client.send("{\"op\":8,\"d\":{\"guild_id\":197038439483310086,\"query\":\"\",\"limit\":0}}");
            await().untilAsserted(() ->
                    assertThat(gateway.host.session(live.sessionId()).commands).hasSize(6));
            assertThat(gateway.host.session(live.sessionId()).commands)
                    .extracting(it -> it.getNumber() + it.getCommandCase().name())
                    .endsWith("6REQUEST_MEMBERS");
            client.none(Duration.ofMillis(200));
        }
    }

    @Test
    void declinesPermessageDeflate() {
        try (var client = TestClient.open(
                gateway.port,
                GatewayFixture.JSON,
                "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n",
                true)) {
            assertThat(client.status()).isEqualTo(101);
            assertThat(client.responseHead()).doesNotContainIgnoringCase("sec-websocket-extensions");
            client.op(10);
        }
    }
}
