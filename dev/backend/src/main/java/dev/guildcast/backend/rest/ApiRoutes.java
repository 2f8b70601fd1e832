package dev.guildcast.backend.rest;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/// The table of routes, under `/api`, `/api/v9` and `/api/v10`.
///
/// Stateless.
final class ApiRoutes {
    private static final Logger log = LoggerFactory.getLogger(ApiRoutes.class);

    private final MessageHandler messages;
    private final ReactionHandler reactions;
    private final LookupHandler lookups;
    private final GatewayPassage gateway;

    ApiRoutes(MessageHandler messages, ReactionHandler reactions, LookupHandler lookups, GatewayPassage gateway) {
        this.messages = messages;
        this.reactions = reactions;
        this.lookups = lookups;
        this.gateway = gateway;
    }

    RouterFunction<ServerResponse> routes() {
        var routes = RouterFunctions.route();
        for (var api : new String[] {"/api/v10", "/api/v9"}) {
            for (var own : new String[] {
                "/gateway",
                "/gateway/bot",
                "/users/@me",
                "/oauth2/applications/@me",
                "/applications/@me",
                "/voice/regions"
            }) {
                routes.GET(api + own, safe(gateway::pass));
            }
            var channel = api + "/channels/{channel}";
            var message = channel + "/messages/{message}";
            var reaction = message + "/reactions/{emoji}";
            routes.GET(channel, safe(lookups::channel))
                    .POST(channel + "/typing", safe(messages::type))
                    .GET(channel + "/messages", safe(messages::list))
                    .POST(channel + "/messages", safe(messages::create))
                    .GET(message, safe(messages::get))
                    .PATCH(message, safe(messages::edit))
                    .DELETE(message, safe(messages::delete))
                    .PUT(reaction + "/@me", safe(reactions::add))
                    .DELETE(reaction + "/{user}", safe(reactions::remove))
                    .GET(reaction, safe(reactions::list));
            var guild = api + "/guilds/{guild}";
            routes.GET(guild, safe(lookups::guild))
                    .GET(guild + "/channels", safe(lookups::channels))
                    .GET(guild + "/roles", safe(lookups::roles))
                    .GET(guild + "/members/{user}", safe(lookups::member))
                    .GET(api + "/users/{user}", safe(lookups::user));
        }
        return routes.route(request -> request.path().startsWith("/api/"), safe(request -> {
                    throw ApiError.NOT_FOUND.refused();
                }))
                .build();
    }

    /// A refusal becomes its answer, and a bug a plain 500 that tells the client nothing.
    private static HandlerFunction<ServerResponse> safe(HandlerFunction<ServerResponse> handler) {
        return request -> Mono.defer(() -> handler.handle(request))
                .onErrorResume(ApiError.Refused.class, refused -> Requests.json(refused.status(), refused.body()))
                .onErrorResume(e -> failed(request, e));
    }

    private static Mono<ServerResponse> failed(ServerRequest request, Throwable e) {
        log.error("{} {} failed", request.method(), request.path(), e);
        return Requests.json(ApiError.INTERNAL.status(), ApiError.INTERNAL.body());
    }
}
