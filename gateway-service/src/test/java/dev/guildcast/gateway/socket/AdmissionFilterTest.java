package dev.guildcast.gateway.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.gateway.connection.ConnectionMetrics;
import dev.guildcast.gateway.connection.ConnectionProperties;
import dev.guildcast.gateway.connection.ConnectionRegistry;
import dev.guildcast.gateway.limit.AddressLimiter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatus;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import reactor.core.publisher.Mono;

class AdmissionFilterTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ConnectionRegistry connections = new ConnectionRegistry(2, meters);
    private final List<String> addresses = new ArrayList<>();
    private Optional<Duration> wait = Optional.empty();
    private boolean draining;
    private final AddressLimiter limiter = address -> {
        addresses.add(address);
        return Mono.just(wait);
    };
    private final AdmissionFilter filter = new AdmissionFilter(
            connections,
            limiter,
            new ConnectionProperties(2, Duration.ofSeconds(5)),
            new ConnectionMetrics(meters, () -> 0),
            () -> draining);

    @Test
    void rejectsAnAddressOverItsLimitWithRetryAfter() {
        wait = Optional.of(Duration.ofMillis(4100));
        var exchange = upgrade("/");
        filter.filter(exchange, chain -> Mono.error(new AssertionError("not rejected")))
                .block();
        assertThat(exchange.getResponse().getStatusCode()).isEqualTo(HttpStatus.TOO_MANY_REQUESTS);
        assertThat(exchange.getResponse().getHeaders().getFirst("Retry-After")).isEqualTo("5");
        assertThat(addresses).containsExactly("10.0.0.7");
        assertThat(meters.get("guildcast.gateway.connections.refused")
                        .tag("reason", "address")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void thePermitIsTheConnectionsOnceTheUpgradeHasSucceeded() {
        var permits = new ArrayList<ConnectionRegistry.Permit>();
        for (var path : new String[] {"/", "//"}) {
            var exchange = upgrade(path);
            // The exchange of an upgrade ends with the handshake, long before the connection does.
            filter.filter(exchange, chain -> {
                        ConnectionRegistry.Permit permit = exchange.getRequiredAttribute(AdmissionFilter.PERMIT);
                        permit.transferToConnection();
                        permits.add(permit);
                        return Mono.empty();
                    })
                    .block();
        }
        var third = upgrade("/");
        filter.filter(third, chain -> Mono.error(new AssertionError("not rejected")))
                .block();
        assertThat(third.getResponse().getStatusCode()).isEqualTo(HttpStatus.SERVICE_UNAVAILABLE);
        assertThat(third.getResponse().getHeaders().getFirst("Retry-After")).isEqualTo("5");
        permits.get(0).release();
        permits.get(0).release();
        assertThat(connections.tryAcquire()).isPresent();
        assertThat(connections.tryAcquire()).isEmpty();
    }

    @Test
    void releasesThePermitWhenTheUpgradeFails() {
        for (int i = 0; i < 5; i++) {
            filter.filter(upgrade("/"), chain -> Mono.error(new IllegalStateException("bad upgrade")))
                    .onErrorComplete()
                    .block();
        }
        assertThat(connections.tryAcquire()).isPresent();
        assertThat(connections.tryAcquire()).isPresent();
        assertThat(connections.tryAcquire()).isEmpty();
    }

    @Test
    void aDrainingGatewayRejectsUpgrades() {
        draining = true;
        var exchange = upgrade("/");
        filter.filter(exchange, chain -> Mono.error(new AssertionError("not rejected")))
                .block();
        assertThat(exchange.getResponse().getStatusCode()).isEqualTo(HttpStatus.SERVICE_UNAVAILABLE);
    }

    @Test
    void passesOtherRequestsThrough() {
        draining = true;
        wait = Optional.of(Duration.ofSeconds(1));
        var exchange = MockServerWebExchange.from(MockServerHttpRequest.get("/api/v10/gateway"));
        filter.filter(exchange, chain -> Mono.empty()).block();
        assertThat(exchange.getResponse().getStatusCode()).isNull();
        assertThat(addresses).isEmpty();
    }

    private static MockServerWebExchange upgrade(String path) {
        return MockServerWebExchange.from(MockServerHttpRequest.get("http://gw" + path)
                .header("Upgrade", "WebSocket")
                .remoteAddress(new InetSocketAddress("10.0.0.7", 1234)));
    }
}
