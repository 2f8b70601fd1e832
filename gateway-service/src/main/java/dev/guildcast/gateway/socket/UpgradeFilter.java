package dev.guildcast.gateway.socket;

import dev.guildcast.gateway.connection.ConnectionMetrics;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

/// Refuses malformed upgrade requests, before they cost anything: with 426 for another version of WebSocket, else with
/// 400, and in both cases with the version that the gateway speaks. Anyone can send them at any rate, so each is a
/// count and a line of the debug log.
final class UpgradeFilter implements WebFilter {
    private static final Logger log = LoggerFactory.getLogger(UpgradeFilter.class);

    private final ConnectionMetrics metrics;

    UpgradeFilter(ConnectionMetrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        var request = exchange.getRequest();
        if (!GatewayHandlerMapping.isUpgrade(request)) {
            return chain.filter(exchange);
        }
        HttpServerRequest nettyRequest = ServerHttpRequestDecorator.getNativeRequest(request);
        var fault = UpgradeRequest.fault(request, nettyRequest.version());
        if (fault.isEmpty()) {
            // Netty's handshake takes no list here.
            nettyRequest.requestHeaders().set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET);
            return chain.filter(exchange);
        }
        metrics.refused("handshake");
        log.debug(
                "malformed upgrade, answered with {}: {}",
                fault.get().status(),
                fault.get().reason());
        var response = exchange.getResponse();
        response.setStatusCode(fault.get().status());
        response.getHeaders().set(UpgradeRequest.VERSION_HEADER, UpgradeRequest.VERSION);
        response.getHeaders().set(HttpHeaders.UPGRADE, "websocket");
        response.getHeaders().setContentLength(0);
        return response.setComplete();
    }
}
