package dev.guildcast.backend.rest;

import java.net.URI;
import java.time.Duration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/// Passes a request on to a gateway, which answers these routes itself, and its answer back.
///
/// Stateless.
final class GatewayPassage {
    private static final Duration ANSWER_MAX = Duration.ofSeconds(5);

    private final WebClient client = WebClient.create();
    private final URI gateway;

    GatewayPassage(URI gateway) {
        this.gateway = gateway;
    }

    Mono<ServerResponse> pass(ServerRequest request) {
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
                .exchangeToMono(answer -> answer.bodyToMono(byte[].class)
                        .defaultIfEmpty(new byte[0])
                        .flatMap(body -> ServerResponse.status(answer.statusCode())
                                .contentType(answer.headers().contentType().orElse(MediaType.APPLICATION_JSON))
                                .bodyValue(body)))
                .timeout(ANSWER_MAX)
                .onErrorMap(e -> ApiError.UNAVAILABLE.refused());
    }
}
