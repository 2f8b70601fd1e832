package dev.guildcast.backend.rest;

import dev.guildcast.backend.chat.Access;
import dev.guildcast.backend.chat.Chat;
import dev.guildcast.backend.chat.Chat.Place;
import dev.guildcast.backend.publish.EventPublisher;
import dev.guildcast.backend.publish.EventPublisher.PublishFailed;
import dev.guildcast.backend.token.Caller;
import dev.guildcast.backend.token.TokenFile;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What all handlers need: who calls, where, with which body, and how answers are written.
///
/// Stateless.
final class Requests {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final Duration PUBLISH_MAX = Duration.ofSeconds(15);

    private final Chat chat;
    private final TokenFile tokens;
    private final EventPublisher publisher;

    Requests(Chat chat, TokenFile tokens, EventPublisher publisher) {
        this.chat = chat;
        this.tokens = tokens;
        this.publisher = publisher;
    }

    /// @throws ApiError.Refused with 401 if the token is not known
    Caller caller(ServerRequest request) {
        return Optional.ofNullable(request.headers().firstHeader(HttpHeaders.AUTHORIZATION))
                .flatMap(tokens::caller)
                .orElseThrow(ApiError.UNAUTHORIZED::refused);
    }

    /// The channel of the path, where the caller may look.
    Place place(ServerRequest request, Caller caller) {
        var place = chat.channel(request.pathVariable("channel")).orElseThrow(ApiError.UNKNOWN_CHANNEL::refused);
        if ((place.permissions(caller.id()) & Access.VIEW) == 0) {
            throw ApiError.MISSING_ACCESS.refused();
        }
        return place;
    }

    /// @throws ApiError.Refused with 403 if the caller lacks one of them
    static void require(Place place, Caller caller, long permissions) {
        if ((place.permissions(caller.id()) & permissions) != permissions) {
            throw ApiError.MISSING_PERMISSIONS.refused();
        }
    }

    /// The body as an object; an empty one counts as `{}`.
    static Mono<ObjectNode> body(ServerRequest request) {
        return request.bodyToMono(byte[].class)
                .defaultIfEmpty(new byte[0])
                .map(bytes -> {
                    try {
                        if (bytes.length == 0) {
                            return MAPPER.createObjectNode();
                        }
                        if (MAPPER.readTree(bytes) instanceof ObjectNode object) {
                            return object;
                        }
                        throw ApiError.INVALID_JSON.refused();
                    } catch (JacksonException e) {
                        throw ApiError.INVALID_JSON.refused();
                    }
                })
                .onErrorMap(DataBufferLimitException.class, e -> ApiError.TOO_LARGE.refused());
    }

    /// Publishes, and completes when the event stands in the log.
    ///
    /// @param published runs then, also when that took so long that the caller was told otherwise
    Mono<Void> publish(ObjectNode event, Runnable published) {
        return Mono.fromFuture(() -> publisher.publish(event).thenRun(published), true)
                .timeout(PUBLISH_MAX)
                .onErrorMap(TimeoutException.class, e -> ApiError.UNAVAILABLE.refused())
                .onErrorMap(
                        e -> e instanceof PublishFailed || e.getCause() instanceof PublishFailed,
                        e -> ApiError.UNAVAILABLE.refused());
    }

    static Mono<ServerResponse> ok(JsonNode body) {
        return json(HttpStatus.OK, body);
    }

    static Mono<ServerResponse> json(HttpStatus status, JsonNode body) {
        return ServerResponse.status(status)
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(MAPPER.writeValueAsBytes(body));
    }

    static Mono<ServerResponse> nothing() {
        return ServerResponse.noContent().build();
    }
}
