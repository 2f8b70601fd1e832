package dev.guildcast.gateway.rest;

import dev.guildcast.gateway.handshake.IdentifyLimiter;
import dev.guildcast.gateway.handshake.IdentifyProperties;
import dev.guildcast.gateway.socket.PublicUrls;
import dev.guildcast.gateway.token.Identity;
import dev.guildcast.gateway.token.TokenVerdict;
import dev.guildcast.gateway.token.TokenVerifier;
import java.util.function.Function;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// `/api/v9` and `/api/v10`: where the gateway is, what a bot may start, and who the caller is.
///
/// Stateless.
final class GatewayRoutes {
    private static final String BOT = "Bot ";
    private static final String BEARER = "Bearer ";

    private final JsonMapper mapper = new JsonMapper();
    private final TokenVerifier tokens;
    private final IdentifyLimiter limiter;
    private final IdentifyProperties identify;
    private final PublicUrls urls;

    GatewayRoutes(TokenVerifier tokens, IdentifyLimiter limiter, IdentifyProperties identify, PublicUrls urls) {
        this.tokens = tokens;
        this.limiter = limiter;
        this.identify = identify;
        this.urls = urls;
    }

    RouterFunction<ServerResponse> routes() {
        var api = RouterFunctions.route();
        for (var base : new String[] {"/api/v9", "/api/v10"}) {
            api.GET(base + "/gateway", this::gateway)
                    .GET(base + "/gateway/bot", request -> as(request, who -> bot(request, who)))
                    .GET(base + "/users/@me", request -> as(request, this::user))
                    .GET(base + "/oauth2/applications/@me", request -> as(request, this::application))
                    .GET(base + "/applications/@me", request -> as(request, this::application))
                    .GET(base + "/voice/regions", request -> as(request, who -> regions()));
        }
        return api.route(request -> request.path().startsWith("/api/"), request -> error(HttpStatus.NOT_FOUND))
                .build();
    }

    private Mono<ServerResponse> as(ServerRequest request, Function<Identity, Mono<ServerResponse>> handler) {
        var header = request.headers().firstHeader(HttpHeaders.AUTHORIZATION);
        if (header == null) {
            return error(HttpStatus.UNAUTHORIZED);
        }
        boolean asBot = header.startsWith(BOT);
        var token = asBot
                ? header.substring(BOT.length())
                : header.startsWith(BEARER) ? header.substring(BEARER.length()) : header;
        return tokens.verify(token.strip()).flatMap(verdict -> switch (verdict) {
            case TokenVerdict.Verified verified -> handler.apply(verified.identity());
            case TokenVerdict.Rejected r -> error(HttpStatus.UNAUTHORIZED);
            case TokenVerdict.Unavailable u -> error(HttpStatus.SERVICE_UNAVAILABLE);
        });
    }

    private Mono<ServerResponse> gateway(ServerRequest request) {
        return json(mapper.createObjectNode().put("url", urls.url(request.uri())));
    }

    private Mono<ServerResponse> bot(ServerRequest request, Identity who) {
        return limiter.allowance(who.userId()).flatMap(left -> {
            var answer = mapper.createObjectNode();
            answer.put("url", urls.url(request.uri()));
            answer.put("shards", identify.shards());
            answer.putObject("session_start_limit")
                    .put("total", left.total())
                    .put("remaining", left.remaining())
                    .put("reset_after", left.resetAfter().toMillis())
                    .put("max_concurrency", identify.maxConcurrency());
            return json(answer);
        });
    }

    private Mono<ServerResponse> user(Identity who) {
        return json(mapper.readTree(who.user()));
    }

    private Mono<ServerResponse> application(Identity who) {
        if (who.applicationId() == 0) {
            return error(HttpStatus.UNAUTHORIZED);
        }
        var user = mapper.readTree(who.user());
        var answer = mapper.createObjectNode();
        answer.put("id", Long.toUnsignedString(who.applicationId()));
        answer.put("name", user.path("username").asString());
        answer.putNull("icon");
        answer.put("description", "");
        answer.put("summary", "");
        answer.put("bot_public", false);
        answer.put("bot_require_code_grant", false);
        answer.put("verify_key", "0".repeat(64));
        answer.put("flags", who.applicationFlags());
        answer.set("owner", user);
        answer.putNull("team");
        answer.putArray("rpc_origins");
        if (who.bot()) {
            answer.set("bot", user);
        }
        return json(answer);
    }

    private Mono<ServerResponse> regions() {
        return json(mapper.createArrayNode());
    }

    private Mono<ServerResponse> json(JsonNode body) {
        return ServerResponse.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .bodyValue(mapper.writeValueAsBytes(body));
    }

    private Mono<ServerResponse> error(HttpStatus status) {
        ObjectNode body = mapper.createObjectNode();
        body.put("message", status.value() + ": " + status.getReasonPhrase());
        body.put("code", 0);
        return ServerResponse.status(status)
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(mapper.writeValueAsBytes(body));
    }
}
