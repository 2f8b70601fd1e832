package dev.guildcast.backend.rest;

import dev.guildcast.backend.chat.ChannelPermissions;
import dev.guildcast.backend.chat.ChatStore;
import dev.guildcast.backend.chat.ChatStore.GuildChannel;
import dev.guildcast.backend.publish.EventPublisher;
import dev.guildcast.backend.publish.EventPublisher.PublishException;
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

/// What all handlers share: caller, channel and body of a request, publishing, and the writing of responses.
///
/// Stateless.
final class RequestSupport {
    private static final JsonMapper MAPPER = new JsonMapper();
    /// Longer than the move of a shard to another owner, during which its events wait.
    private static final Duration PUBLISH_TIMEOUT = Duration.ofSeconds(15);

    private final ChatStore chat;
    private final TokenFile tokens;
    private final EventPublisher publisher;

    RequestSupport(ChatStore chat, TokenFile tokens, EventPublisher publisher) {
        this.chat = chat;
        this.tokens = tokens;
        this.publisher = publisher;
    }

    /// @throws ApiException with 401 if the token is unknown
    Caller caller(ServerRequest request) {
        return Optional.ofNullable(request.headers().firstHeader(HttpHeaders.AUTHORIZATION))
                .flatMap(tokens::caller)
                .orElseThrow(ApiError.UNAUTHORIZED::toException);
    }

    /// The channel of the path, which the caller may view.
    GuildChannel guildChannel(ServerRequest request, Caller caller) {
        var guildChannel =
                chat.channel(request.pathVariable("channel")).orElseThrow(ApiError.UNKNOWN_CHANNEL::toException);
        if ((guildChannel.permissions(caller.id()) & ChannelPermissions.VIEW) == 0) {
            throw ApiError.MISSING_ACCESS.toException();
        }
        return guildChannel;
    }

    /// @throws ApiException with 403 if the caller lacks one of them
    static void require(GuildChannel guildChannel, Caller caller, long permissions) {
        if ((guildChannel.permissions(caller.id()) & permissions) != permissions) {
            throw ApiError.MISSING_PERMISSIONS.toException();
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
                        throw ApiError.INVALID_JSON.toException();
                    } catch (JacksonException e) {
                        throw ApiError.INVALID_JSON.toException();
                    }
                })
                .onErrorMap(DataBufferLimitException.class, e -> ApiError.TOO_LARGE.toException());
    }

    /// Publishes, and completes when the event is appended to the log.
    ///
    /// @param onPublished runs then, also after the caller has received a 503 because it took too long
    Mono<Void> publish(ObjectNode event, Runnable onPublished) {
        return Mono.fromFuture(() -> publisher.publish(event).thenRun(onPublished), true)
                .timeout(PUBLISH_TIMEOUT)
                .onErrorMap(TimeoutException.class, e -> ApiError.UNAVAILABLE.toException())
                .onErrorMap(
                        e -> e instanceof PublishException || e.getCause() instanceof PublishException,
                        e -> ApiError.UNAVAILABLE.toException());
    }

    static Mono<ServerResponse> ok(JsonNode body) {
        return json(HttpStatus.OK, body);
    }

    static Mono<ServerResponse> json(HttpStatus status, JsonNode body) {
        return ServerResponse.status(status)
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(MAPPER.writeValueAsBytes(body));
    }

    static Mono<ServerResponse> noContent() {
        return ServerResponse.noContent().build();
    }
}
