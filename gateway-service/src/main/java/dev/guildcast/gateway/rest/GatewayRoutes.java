package dev.guildcast.gateway.rest;

import dev.guildcast.gateway.limit.IdentifyLimiter;
import dev.guildcast.gateway.limit.IdentifyProperties;
import dev.guildcast.gateway.link.GuildCounts;
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

/// The routes of `/api/v9` and `/api/v10`: the gateway's URL, the session start limit of a bot, and the caller's user
/// and application.
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
    private final GuildCounts guildCounts;

    GatewayRoutes(
            TokenVerifier tokens,
            IdentifyLimiter limiter,
            IdentifyProperties identify,
            PublicUrls urls,
            GuildCounts guildCounts) {
        this.tokens = tokens;
        this.limiter = limiter;
        this.identify = identify;
        this.urls = urls;
        this.guildCounts = guildCounts;
    }

    RouterFunction<ServerResponse> routes() {
        var api = RouterFunctions.route();
        for (var base : new String[] {"/api/v9", "/api/v10"}) {
            api.GET(base + "/gateway", this::gateway)
                    .GET(base + "/gateway/bot", request -> authenticated(request, identity -> bot(request, identity)))
                    .GET(base + "/users/@me", request -> authenticated(request, this::user))
                    .GET(base + "/oauth2/applications/@me", request -> authenticated(request, this::application))
                    .GET(base + "/applications/@me", request -> authenticated(request, this::application))
                    .GET(base + "/voice/regions", request -> authenticated(request, identity -> regions()));
        }
        return api.route(request -> request.path().startsWith("/api/"), request -> error(HttpStatus.NOT_FOUND))
                .build();
    }

    private Mono<ServerResponse> authenticated(
            ServerRequest request, Function<Identity, Mono<ServerResponse>> handler) {
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

    /// Users connect by the URL of `/gateway`; only a bot has shards and a session start limit.
    private Mono<ServerResponse> bot(ServerRequest request, Identity identity) {
        if (!identity.bot()) {
            return error(HttpStatus.UNAUTHORIZED);
        }
        var counted = guildCounts.guildCount(identity.userId());
        return limiter.sessionStartLimit(identity.userId()).zipWith(counted).flatMap(known -> {
            var startLimit = known.getT1();
            var body = mapper.createObjectNode();
            body.put("url", urls.url(request.uri()));
            body.put("shards", identify.shardsOf(identity.userId(), known.getT2()));
            body.putObject("session_start_limit")
                    .put("total", startLimit.total())
                    .put("remaining", startLimit.remaining())
                    .put("reset_after", startLimit.resetAfter().toMillis())
                    .put("max_concurrency", identify.maxConcurrency());
            return json(body);
        });
    }

    private Mono<ServerResponse> user(Identity identity) {
        return json(mapper.readTree(identity.user()));
    }

    private Mono<ServerResponse> application(Identity identity) {
        if (identity.applicationId() == 0) {
            return error(HttpStatus.UNAUTHORIZED);
        }
        var user = mapper.readTree(identity.user());
        var body = mapper.createObjectNode();
        body.put("id", Long.toUnsignedString(identity.applicationId()));
        body.put("name", user.path("username").asString());
        body.putNull("icon");
        body.put("description", "");
        body.put("summary", "");
        body.put("bot_public", false);
        body.put("bot_require_code_grant", false);
        body.put("verify_key", "0".repeat(64));
        body.put("flags", identity.applicationFlags());
        body.set("owner", user);
        body.putNull("team");
        body.putArray("rpc_origins");
        if (identity.bot()) {
            body.set("bot", user);
        }
        return json(body);
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
