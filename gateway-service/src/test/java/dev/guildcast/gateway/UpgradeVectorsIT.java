package dev.guildcast.gateway;

import static dev.guildcast.gateway.RawClient.UPGRADE;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/// Upgrade requests as clients and proxies send them, malformed ones, and what is sent behind them without waiting.
@ParameterizedClass
@ValueSource(strings = {"frame", "webflux"})
class UpgradeVectorsIT {
    @Parameter
    private String layer = "";

    private static final byte[] IDENTIFY = RawClient.text(GatewayFixture.IDENT);
    private static GatewayFixture gateway;

    @BeforeParameterizedClassInvocation
    static void start(String layer) {
        gateway = new GatewayFixture("--gateway.socket.layer=" + layer, "--gateway.connections.max=20");
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        gateway.close();
    }

    private static double refusedHandshakes() {
        return gateway.counter("guildcast.gateway.connections.refused", "reason", "handshake");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Connection: Upgrade | Connection: UPGRADE
            Connection: Upgrade | Connection: upGrade
            Connection: Upgrade | connection: keep-alive, UPGRADE
            Connection: Upgrade | Connection: keep-alive , upgrade , x
            Upgrade: websocket  | UPGRADE: WebSocket
            Upgrade: websocket  | Upgrade: WEBSOCKET
            Upgrade: websocket  | Upgrade: h2c, websocket
            """)
    void headerTokensAreComparedWithoutCase(String header, String replacement) {
        try (var client = new RawClient(gateway.port)) {
            client.write(UPGRADE.replace(header, replacement));
            assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
            assertThat(client.readFrame().json().path("op").asInt()).isEqualTo(10);
        }
    }

    static List<String[]> malformedUpgrades() {
        var version = "Sec-WebSocket-Version: 13\r\n";
        var key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
        return List.of(
                new String[] {"426", UPGRADE.replace(version, "")},
                new String[] {"426", UPGRADE.replace(version, "Sec-WebSocket-Version: 12\r\n")},
                new String[] {"426", UPGRADE.replace(version, "Sec-WebSocket-Version: 8\r\n")},
                new String[] {"426", UPGRADE.replace(version, "Sec-WebSocket-Version: 0\r\n")},
                new String[] {"426", UPGRADE.replace(version, "Sec-WebSocket-Version: \r\n")},
                new String[] {"426", UPGRADE.replace(version, "Sec-WebSocket-Version: 13, 8\r\n")},
                new String[] {"426", UPGRADE.replace(version, version + "Sec-WebSocket-Version: 8\r\n")},
                new String[] {"400", UPGRADE.replace(key, "")},
                new String[] {"400", UPGRADE.replace(key, "Sec-WebSocket-Key: \r\n")},
                new String[] {"400", UPGRADE.replace(key, "Sec-WebSocket-Key: c2hvcnQ=\r\n")},
                new String[] {"400", UPGRADE.replace(key, "Sec-WebSocket-Key: !!!!!!!!!!!!!!!!!!!!!!==\r\n")},
                new String[] {"400", UPGRADE.replace(key, key + key)},
                new String[] {"400", UPGRADE.replace("Connection: Upgrade\r\n", "")},
                new String[] {"400", UPGRADE.replace("Connection: Upgrade", "Connection: keep-alive")},
                new String[] {"400", UPGRADE.replace("GET ", "POST ")},
                new String[] {"400", UPGRADE.replace("GET ", "PUT ")},
                new String[] {"400", UPGRADE.replace("HTTP/1.1", "HTTP/1.0")},
                new String[] {"400", UPGRADE.replace(version, version + "Content-Length: 5\r\n") + "hello"},
                new String[] {
                    "400", UPGRADE.replace(version, version + "Transfer-Encoding: chunked\r\n") + "2\r\nhi\r\n0\r\n\r\n"
                });
    }

    @ParameterizedTest
    @MethodSource("malformedUpgrades")
    void malformedUpgradesAreRefusedWithTheVersionCountedAndNotLogged(String status, String request) {
        double before = refusedHandshakes();
        var logged = new ListAppender<ILoggingEvent>();
        var root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        logged.start();
        root.addAppender(logged);
        try (var client = new RawClient(gateway.port)) {
            client.write(request);
            assertThat(client.readHead())
                    .matches("(?s)HTTP/1\\.[01] " + status + " .*")
                    .containsIgnoringCase("\r\nsec-websocket-version: 13\r\n");
            assertThat(refusedHandshakes()).isEqualTo(before + 1);
            assertThat(List.copyOf(logged.list))
                    .filteredOn(it -> it.getLevel().isGreaterOrEqual(Level.INFO) || it.getThrowableProxy() != null)
                    .isEmpty();
        } finally {
            root.detachAppender(logged);
        }
    }

    @Test
    void anUpgradeWithContentLengthZeroIsAccepted() {
        try (var client = new RawClient(gateway.port)) {
            client.write(UPGRADE.replace("Upgrade: websocket", "Upgrade: websocket\r\nContent-Length: 0"));
            assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
        }
    }

    @Test
    void anIdentifyInTheSegmentOfTheUpgradeRequestIsAnswered() {
        try (var client = new RawClient(gateway.port)) {
            client.write(UPGRADE.getBytes(java.nio.charset.StandardCharsets.US_ASCII), IDENTIFY);
            expectReady(client);
        }
    }

    /// Each cut is another way in which the bytes may arrive: within the request, at its end, within the frame.
    @ParameterizedTest
    @ValueSource(ints = {1, 60, -4, -3, -2, -1, 0, 1001, 1003, 1020, 1100})
    void bytesBehindTheUpgradeRequestAreKeptHoweverTheyAreSplit(int cut) {
        var head = UPGRADE.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        var all = Arrays.copyOf(head, head.length + IDENTIFY.length);
        System.arraycopy(IDENTIFY, 0, all, head.length, IDENTIFY.length);
        int at = cut > 1000 ? head.length + cut - 1000 : cut <= 0 ? head.length + cut : cut;
        try (var client = new RawClient(gateway.port)) {
            client.write(Arrays.copyOf(all, at));
            client.write(Arrays.copyOfRange(all, at, all.length));
            expectReady(client);
        }
    }

    @Test
    void anUpgradeBehindAnotherRequestOfItsConnectionIsAccepted() {
        var get = "GET /api/v10/gateway HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
        try (var client = new RawClient(gateway.port)) {
            client.write(get);
            var head = client.readHead();
            assertThat(head).startsWith("HTTP/1.1 200 ");
            client.skip(Integer.parseInt(head.replaceAll("(?is).*content-length: (\\d+).*", "$1")));
            client.write(UPGRADE.getBytes(java.nio.charset.StandardCharsets.US_ASCII), IDENTIFY);
            expectReady(client);
        }
    }

    @Test
    void aRefusedUpgradeWithBytesBehindItIsAnswered() {
        try (var client = new RawClient(gateway.port)) {
            client.write(
                    UPGRADE.replace("Version: 13", "Version: 7").getBytes(java.nio.charset.StandardCharsets.US_ASCII),
                    "GET /api/v10/gateway HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
                            .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            assertThat(client.readHead()).startsWith("HTTP/1.1 426 ").containsIgnoringCase("content-length: 0");
            assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void moreBytesBehindTheUpgradeRequestThanAFrameMayHaveAreNotHeldWithoutBound() {
        try (var client = new RawClient(gateway.port)) {
            client.write(
                    UPGRADE.getBytes(java.nio.charset.StandardCharsets.US_ASCII),
                    RawClient.frame(0x82, new byte[60_000]));
            assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
            assertThat(client.closeCode()).isEqualTo(4002);
        }
    }

    private static void expectReady(RawClient client) {
        assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
        assertThat(client.readFrame().json().path("op").asInt()).isEqualTo(10);
        assertThat(client.readFrame().json().path("t").asString()).isEqualTo("READY");
    }
}
