package dev.guildcast.backend.rest;

import java.net.URI;
import java.time.Duration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/// Forwards a request to a gateway, which serves these routes itself, and returns its response.
///
/// Stateless.
final class GatewayRouteProxy {
    /// The gateway responds from memory; client libraries give up after a little longer than this.
    private static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(5);

    private final WebClient client = WebClient.create();
    private final URI gateway;

    GatewayRouteProxy(URI gateway) {
        this.gateway = gateway;
    }

    Mono<ServerResponse> forward(ServerRequest request) {
        var query = request.uri().getRawQuery();
        var target = gateway.resolve(request.uri().getRawPath() + (query == null ? "" : "?" + query));
        var authorization = request.headers().firstHeader(HttpHeaders.AUTHORIZATION);
        return client.get()
                .uri(target)
                .headers(headers -> {
                    if (authorization != null) {
                        headers.set(HttpHeaders.AUTHORIZATION, authorization);
                    }
                })
                .exchangeToMono(response -> response.bodyToMono(byte[].class)
                        .defaultIfEmpty(new byte[0])
                        .flatMap(body -> ServerResponse.status(response.statusCode())
                                .contentType(response.headers().contentType().orElse(MediaType.APPLICATION_JSON))
                                .bodyValue(body)))
                .timeout(RESPONSE_TIMEOUT)
                .onErrorMap(e -> ApiError.UNAVAILABLE.toException());
    }
}
