package dev.guildcast.gateway.socket;

import dev.guildcast.gateway.ConnectionRegistry;
import dev.guildcast.gateway.GatewayMetrics;
import dev.guildcast.gateway.handshake.AddressLimiter;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/// Whether another client may come in. What is refused here has cost no socket of ours beyond the request.
final class AdmissionFilter implements WebFilter {
    /// The attribute of an admitted exchange that holds its place.
    static final String PLACE = AdmissionFilter.class.getName() + ".place";

    private final ConnectionRegistry connections;
    private final AddressLimiter addresses;
    private final ConnectionProperties properties;
    private final GatewayMetrics metrics;
    private final BooleanSupplier draining;

    AdmissionFilter(
            ConnectionRegistry connections,
            AddressLimiter addresses,
            ConnectionProperties properties,
            GatewayMetrics metrics,
            BooleanSupplier draining) {
        this.connections = connections;
        this.addresses = addresses;
        this.properties = properties;
        this.metrics = metrics;
        this.draining = draining;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        if (!GatewayHandlerMapping.isUpgrade(exchange.getRequest())) {
            return chain.filter(exchange);
        }
        if (draining.getAsBoolean()) {
            return refuse(exchange, HttpStatus.SERVICE_UNAVAILABLE, "draining", properties.retryAfter());
        }
        var remote = exchange.getRequest().getRemoteAddress();
        var address = remote == null || remote.getAddress() == null
                ? "unknown"
                : remote.getAddress().getHostAddress();
        return addresses.tryConnect(address).flatMap(wait -> {
            if (wait.isPresent()) {
                return refuse(exchange, HttpStatus.TOO_MANY_REQUESTS, "address", wait.get());
            }
            return Mono.defer(() -> {
                var place = connections.tryReserve();
                if (place.isEmpty()) {
                    return refuse(exchange, HttpStatus.SERVICE_UNAVAILABLE, "full", properties.retryAfter());
                }
                exchange.getAttributes().put(PLACE, place.get());
                return chain.filter(exchange).doFinally(end -> place.get().onRequestEnd());
            });
        });
    }

    private Mono<Void> refuse(ServerWebExchange exchange, HttpStatus status, String reason, Duration retryAfter) {
        metrics.refused(reason);
        var response = exchange.getResponse();
        response.setStatusCode(status);
        long seconds = Math.max(1, retryAfter.plusMillis(999).toSeconds());
        response.getHeaders().set(HttpHeaders.RETRY_AFTER, Long.toString(seconds));
        return response.setComplete();
    }
}
