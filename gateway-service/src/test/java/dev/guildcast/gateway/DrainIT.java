package dev.guildcast.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A gateway that is stopped, as by SIGTERM, sends op 7 to every client before it closes it.
class DrainIT {
    private static final int CLIENTS = 60;

    /// Windows in which the default share of 2 % a second reaches few clients or none, and a close-after that is longer
    /// than the window.
    @ParameterizedTest
    @CsvSource({"frame, 3s", "frame, 300ms", "frame, 0s", "webflux, 3s", "webflux, 300ms", "webflux, 0s"})
    void everyClientGetsOp7BeforeItsClose(String layer, String window) {
        var gateway = new GatewayFixture(
                "--gateway.socket.layer=" + layer,
                "--gateway.drain.window=" + window,
                "--gateway.identify.max-concurrency=" + CLIENTS);
        var clients = new ArrayList<TestClient>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(gateway.live(GatewayFixture.IDENT.replace(
                            "\"intents\":513", "\"intents\":513,\"shard\":[" + i + "," + CLIENTS + "]"))
                    .client());
        }
        gateway.close();
        for (var client : clients) {
            assertThat(client.message().path("op").asInt()).isEqualTo(7);
            assertThat(client.closeCode()).isEqualTo(1001);
            client.close();
        }
    }
}
