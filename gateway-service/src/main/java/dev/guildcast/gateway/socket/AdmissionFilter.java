package dev.guildcast.gateway.socket;

import dev.guildcast.gateway.connection.ConnectionMetrics;
import dev.guildcast.gateway.connection.ConnectionProperties;
import dev.guildcast.gateway.connection.ConnectionRegistry;
import dev.guildcast.gateway.limit.AddressLimiter;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/// Admits or rejects WebSocket upgrades: while draining, by address, and by the maximum of connections. A rejected
/// request has cost nothing beyond the HTTP exchange.
final class AdmissionFilter implements WebFilter {
    /// The attribute of an admitted exchange that holds its permit.
    static final String PERMIT = AdmissionFilter.class.getName() + ".permit";

    private final ConnectionRegistry connections;
    private final AddressLimiter addressLimiter;
    private final ConnectionProperties properties;
    private final ConnectionMetrics metrics;
    private final BooleanSupplier draining;

    AdmissionFilter(
            ConnectionRegistry connections,
            AddressLimiter addressLimiter,
            ConnectionProperties properties,
            ConnectionMetrics metrics,
            BooleanSupplier draining) {
        this.connections = connections;
        this.addressLimiter = addressLimiter;
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
            return reject(exchange, HttpStatus.SERVICE_UNAVAILABLE, "draining", properties.retryAfter());
        }
        var remote = exchange.getRequest().getRemoteAddress();
        var address = remote == null || remote.getAddress() == null
                ? "unknown"
                : remote.getAddress().getHostAddress();
        return addressLimiter.tryConnect(address).flatMap(wait -> {
            if (wait.isPresent()) {
                return reject(exchange, HttpStatus.TOO_MANY_REQUESTS, "address", wait.get());
            }
            return Mono.defer(() -> {
                var permit = connections.tryAcquire();
                if (permit.isEmpty()) {
                    return reject(exchange, HttpStatus.SERVICE_UNAVAILABLE, "full", properties.retryAfter());
                }
                exchange.getAttributes().put(PERMIT, permit.get());
                return chain.filter(exchange).doFinally(end -> permit.get().onRequestEnd());
            });
        });
    }

    private Mono<Void> reject(ServerWebExchange exchange, HttpStatus status, String reason, Duration retryAfter) {
        metrics.refused(reason);
        var response = exchange.getResponse();
        response.setStatusCode(status);
        long seconds = Math.max(1, retryAfter.plusMillis(999).toSeconds());
        response.getHeaders().set(HttpHeaders.RETRY_AFTER, Long.toString(seconds));
        return response.setComplete();
    }
}
