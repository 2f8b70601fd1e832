package dev.guildcast.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.guildcast.gateway.connection.ConnectionRegistry;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Frames that violate RFC 6455, and control frames beyond their limit.
@ParameterizedClass
@ValueSource(strings = {"frame", "webflux"})
class FrameViolationsIT {
    @Parameter
    private String layer = "";

    private static final String BEAT = "{\"op\":1,\"d\":null}";
    private static GatewayFixture gateway;

    @BeforeParameterizedClassInvocation
    static void start(String layer) {
        gateway = new GatewayFixture("--gateway.socket.layer=" + layer);
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        gateway.close();
    }

    private static double violations(String kind) {
        return gateway.counter("guildcast.gateway.protocol.violations", "kind", kind);
    }

    @ParameterizedTest
    @ValueSource(ints = {0xc1, 0xa1, 0x91, 0xf1, 0x99, 0xc9, 0xb2, 0x51})
    void aReservedBitClosesWith1002(int first) {
        double before = violations("framing");
        try (var client = RawClient.afterHello(gateway.port)) {
            client.write(
                    RawClient.frame(first, BEAT.getBytes(StandardCharsets.UTF_8)),
                    RawClient.text(GatewayFixture.IDENT));
            assertThat(client.readFrame().closeCode()).isEqualTo(1002);
        }
        assertThat(violations("framing")).isEqualTo(before + 1);
    }

    /// An unmasked frame, reserved opcodes, a fragmented ping, a long ping, a continuation of nothing, a message within
    /// a fragmented one, a close with a code of one byte.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "8101 31",
                "8380 01020304",
                "8b80 01020304",
                "0980 01020304",
                "89fe 0080 01020304",
                "8080 01020304",
                "0180 01020304 8180 01020304",
                "8881 00000000 03"
            })
    void aMalformedFrameClosesWith1002(String hex) {
        double before = violations("framing");
        try (var client = RawClient.afterHello(gateway.port)) {
            client.write(HexFormat.of().parseHex(hex.replace(" ", "")));
            assertThat(client.readFrame().closeCode()).isEqualTo(1002);
        }
        assertThat(violations("framing")).isEqualTo(before + 1);
    }

    /// Overlong forms of `/`, a lone continuation, a truncated sequence, a surrogate, a code point above the last,
    /// bytes that never occur.
    @ParameterizedTest
    @CsvSource({
        "c0af",
        "e080af",
        "f08080af",
        "c180",
        "80",
        "bf",
        "c3",
        "e282",
        "f09f98",
        "eda080",
        "edbfbf",
        "f4908080",
        "f5808080",
        "fe",
        "ff",
        "c328",
        "e28228"
    })
    void invalidUtf8ClosesWith4002(String hex) {
        double before = violations("utf8");
        var message = beatWith(HexFormat.of().parseHex(hex));
        for (int first : new int[] {0x81, 0x82}) {
            try (var client = RawClient.afterHello(gateway.port)) {
                client.write(RawClient.frame(first, message));
                assertThat(client.readFrame().closeCode()).isEqualTo(4002);
            }
        }
        assertThat(violations("utf8")).isEqualTo(before + 2);
    }

    @Test
    void invalidUtf8AcrossFragmentsClosesWith4002() {
        var message = beatWith(new byte[] {(byte) 0xe0, (byte) 0x80, (byte) 0xaf});
        int middle = message.length - 4;
        try (var client = RawClient.afterHello(gateway.port)) {
            client.write(
                    RawClient.frame(0x01, java.util.Arrays.copyOf(message, middle)),
                    RawClient.frame(0x80, java.util.Arrays.copyOfRange(message, middle, message.length)));
            assertThat(client.readFrame().closeCode()).isEqualTo(4002);
        }
    }

    @Test
    void aCharacterThatIsSplitBetweenFragmentsWithAPingInBetweenIsAccepted() {
        var message = beatWith("\u20ac\ud83d\ude00\ufffd".getBytes(StandardCharsets.UTF_8));
        try (var client = RawClient.afterHello(gateway.port)) {
            for (int cut = 1; cut < message.length; cut++) {
                client.write(
                        RawClient.frame(0x01, java.util.Arrays.copyOf(message, cut)),
                        RawClient.frame(0x89, new byte[] {7}),
                        RawClient.frame(0x80, java.util.Arrays.copyOfRange(message, cut, message.length)));
                var pong = client.readFrame();
                assertThat(pong.opcode()).isEqualTo(10);
                assertThat(pong.payload()).containsExactly(7);
                assertThat(client.readFrame().json().path("op").asInt()).isEqualTo(11);
            }
        }
    }

    @Test
    void controlFramesHaveALimitOfTheirOwn() {
        double before = gateway.counter("guildcast.gateway.limited", "limit", "control_frames");
        try (var client = RawClient.afterHello(gateway.port)) {
            var ping = RawClient.frame(0x89, "abc".getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < 60; i++) {
                client.write(ping, RawClient.frame(0x8a, new byte[0]));
                assertThat(client.readFrame().opcode()).isEqualTo(10);
            }
            // They have taken nothing of the command limit.
            for (int i = 0; i < 120; i++) {
                client.write(RawClient.text(BEAT));
                assertThat(client.readFrame().json().path("op").asInt()).isEqualTo(11);
            }
            client.write(ping);
            assertThat(client.readFrame().closeCode()).isEqualTo(4008);
        }
        assertThat(gateway.counter("guildcast.gateway.limited", "limit", "control_frames"))
                .isEqualTo(before + 1);
    }

    @Test
    void aPingFloodOfAClientThatDoesNotReadIsClosed() {
        await().until(() -> gateway.bean(ConnectionRegistry.class).all().isEmpty());
        double before = gateway.counter("guildcast.gateway.limited", "limit", "control_frames");
        try (var client = RawClient.afterHello(gateway.port)) {
            var ping = RawClient.frame(0x89, new byte[125]);
            var flood = new ByteArrayOutputStream();
            for (int i = 0; i < 2000; i++) {
                flood.writeBytes(ping);
            }
            client.write(flood.toByteArray());
            await().untilAsserted(
                            () -> assertThat(gateway.counter("guildcast.gateway.limited", "limit", "control_frames"))
                                    .isEqualTo(before + 1));
            await().until(() -> gateway.bean(ConnectionRegistry.class).all().isEmpty());
        }
    }

    private static byte[] beatWith(byte[] text) {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes("{\"op\":1,\"d\":null,\"x\":\"".getBytes(StandardCharsets.US_ASCII));
        bytes.writeBytes(text);
        bytes.writeBytes("\"}".getBytes(StandardCharsets.US_ASCII));
        return bytes.toByteArray();
    }
}
