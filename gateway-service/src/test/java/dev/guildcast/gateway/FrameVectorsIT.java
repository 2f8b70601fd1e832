package dev.guildcast.gateway;

import static dev.guildcast.gateway.GatewayFixture.IDENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The parts of the test vectors V05 and V14 that concern the gateway: which frames it accepts, and how many.
@ParameterizedClass
@ValueSource(strings = {"frame", "webflux"})
class FrameVectorsIT {
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
    void v05ClosesOnFramesNotAllowedBeforeIdentify(int code, String frame) {
        try (var client = gateway.openAfterHello()) {
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
    void v05ClosesOnFramesNotAllowedFromBots(int code, String frame) {
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
    void v05AcceptsMessagesUpToTheLimitAndNoLonger() {
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
    void v05ClosesOnMessagesAboveEveryLimit(int length) {
        try (var client = gateway.live().client()) {
            client.send("x".repeat(length));
            assertThat(client.closeCode()).isEqualTo(4002);
        }
    }

    @Test
    void v05AcceptsLongerMessagesOfUsers() {
        try (var client = gateway.live("{\"op\":2,\"d\":{\"token\":\"usr-1\",\"properties\":{}}}")
                .client()) {
            client.send("{\"op\":3,\"d\":{\"status\":\"idle\"},\"x\":\"" + "y".repeat(15000) + "\"}");
            client.send("{\"op\":14,\"d\":{}}");
            client.send("{\"op\":40,\"d\":{\"seq\":2}}");
            client.op(11);
        }
    }

    @Test
    void v05AcceptsJsonInABinaryMessage() {
        try (var client = gateway.live().client()) {
            client.sendBinary("{\"op\":1,\"d\":2}".getBytes(StandardCharsets.UTF_8));
            client.op(11);
        }
    }

    @Test
    void v14ClosesOnThe121stFrameOfAWindow() {
        try (var client = gateway.openAfterHello()) {
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
    void v14SilentlyDropsTheSixthPresenceOfAWindow() {
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
            client.expectNothing(Duration.ofMillis(200));
        }
    }
}
