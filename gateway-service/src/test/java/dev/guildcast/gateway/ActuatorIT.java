package dev.guildcast.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The actuator as it is when nothing is set but ports.
class ActuatorIT {
    private static GatewayFixture gateway;

    @BeforeAll
    static void start() {
        gateway = new GatewayFixture();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static int call(String method, int port, String path) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        try (var http = HttpClient.newHttpClient()) {
            return http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
        }
    }

    private static int management() {
        return gateway.portOf("/actuator");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/actuator", "/actuator/health", "/actuator/connections", "/actuator/prometheus"})
    void itIsNotOnTheClientsPort(String path) throws Exception {
        assertThat(management()).isNotEqualTo(gateway.port);
        assertThat(call("GET", gateway.port, path)).isEqualTo(404);
        // Nothing says there whether it could be elsewhere.
        assertThat(call("DELETE", gateway.port, path)).isIn(403, 404);
    }

    @Test
    void itChangesNothing() throws Exception {
        for (var method : new String[] {"DELETE", "POST", "PUT", "PATCH"}) {
            assertThat(call(method, management(), "/actuator/connections"))
                    .as(method)
                    .isEqualTo(403);
        }
        assertThat(call("GET", management(), "/actuator/connections")).isEqualTo(200);
        try (var client = gateway.open()) {
            client.op(10);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"env", "heapdump", "configprops", "beans", "shutdown", "threaddump", "loggers"})
    void itShowsNoneOf(String endpoint) throws Exception {
        assertThat(call("GET", management(), "/actuator/" + endpoint)).isEqualTo(404);
    }

    @Test
    void itListensOnTheLoopbackAddressOnly() {
        assertThat(gateway.context.getEnvironment().getProperty("management.server.address"))
                .isEqualTo("127.0.0.1");
    }
}
