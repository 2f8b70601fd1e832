package dev.guildcast.gateway;

import static dev.guildcast.gateway.GatewayFixture.IDENT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.gateway.connection.ConnectionRegistry;
import dev.guildcast.gateway.connection.ConnectionState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The parts of the test vectors V01 to V04 that concern the gateway: Hello, heartbeats and Identify.
@ParameterizedClass
@ValueSource(strings = {"frame", "webflux"})
class HandshakeVectorsIT {
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
    void v01SendsHelloAcknowledgesHeartbeatsAndIdentifiesABot() {
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
    void v02AcceptsAnIdentifySentBeforeHelloWasRead() {
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
    void v03AcceptsEveryFormOfTheAddress(String target) {
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
    void v03RequestsAHeartbeatWhenAnOperatorDoes() {
        var live = gateway.live();
        try (var client = live.client()) {
            gateway.bean(ConnectionRegistry.class).all().stream()
                    .filter(it -> it.state() == ConnectionState.LIVE)
                    .forEach(it -> it.loop().execute(it::requestHeartbeat));
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
    void v04RejectsIdentifiesWithTheirCode(int code, String frame) {
        try (var client = gateway.openAfterHello()) {
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
    void v04AcceptsWhatLibrariesSend(String frame) {
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
    void v04ClosesWithTheCodeOfTheHostsRefusal() {
        gateway.host.refuseOpenWith = 4011;
        try (var client = gateway.openAfterHello()) {
            client.send(IDENT);
            assertThat(client.closeCode()).isEqualTo(4011);
        } finally {
            gateway.host.refuseOpenWith = 0;
        }
    }

    @ParameterizedTest
    @CsvSource({"/?v=7&encoding=json,4012", "/?v=x,4012", "/?v=10&encoding=etf,4002", "/?v=10&encoding=bson,4002"})
    void v04ClosesUnsupportedVersionsAndEncodingsAfterTheUpgrade(String target, int code) {
        try (var client = TestClient.open(gateway.port, target)) {
            assertThat(client.status()).isEqualTo(101);
            assertThat(client.closeCode()).isEqualTo(code);
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
