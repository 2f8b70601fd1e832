package dev.guildcast.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/// What a gateway believes of the headers that proxies set.
class ProxiesIT {
    private static String url(GatewayFixture gateway, String... headers) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port + "/api/v10/gateway"))
                .headers(headers)
                .build();
        try (var http = HttpClient.newHttpClient()) {
            return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        }
    }

    @Test
    void aTrustedProxySaysHowTheClientCame() throws Exception {
        var gateway = new GatewayFixture("--gateway.proxies.trusted=127.0.0.0/8");
        try {
            assertThat(url(
                            gateway,
                            "X-Forwarded-For",
                            "203.0.113.9",
                            "X-Forwarded-Proto",
                            "https",
                            "X-Forwarded-Host",
                            "gateway.example.org"))
                    .isEqualTo("{\"url\":\"wss://gateway.example.org\"}");
        } finally {
            gateway.close();
        }
    }

    @Test
    void anybodyElseSaysNothing() throws Exception {
        var gateway = new GatewayFixture();
        try {
            assertThat(url(
                            gateway,
                            "X-Forwarded-For",
                            "203.0.113.9",
                            "X-Forwarded-Proto",
                            "https",
                            "X-Forwarded-Host",
                            "evil.example.org"))
                    .isEqualTo("{\"url\":\"ws://127.0.0.1:" + gateway.port + "\"}");
        } finally {
            gateway.close();
        }
    }

    @Test
    void clientsOfTlsAreNotSentToAPortWithoutIt() throws Exception {
        var gateway = new GatewayFixture(
                "--gateway.proxies.trusted=127.0.0.0/8", "--gateway.public.url=ws://gateway.example.org");
        try {
            assertThat(url(gateway, "X-Forwarded-For", "203.0.113.9", "X-Forwarded-Proto", "https"))
                    .isEqualTo("{\"url\":\"wss://gateway.example.org\"}");
            assertThat(url(gateway, "X-Forwarded-For", "203.0.113.9", "X-Forwarded-Proto", "http"))
                    .isEqualTo("{\"url\":\"ws://gateway.example.org\"}");
        } finally {
            gateway.close();
        }
    }

    @Test
    void aStrategyThatBelievesAnybodyIsRefused() {
        assertThatThrownBy(() -> new GatewayFixture("--server.forward-headers-strategy=native"))
                .rootCause()
                .hasMessageContaining("server.forward-headers-strategy")
                .hasMessageContaining("native");
    }
}
