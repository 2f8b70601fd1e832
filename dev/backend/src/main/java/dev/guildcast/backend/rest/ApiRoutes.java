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
    private final GatewayRouteProxy gateway;

    ApiRoutes(MessageHandler messages, ReactionHandler reactions, LookupHandler lookups, GatewayRouteProxy gateway) {
        this.messages = messages;
        this.reactions = reactions;
        this.lookups = lookups;
        this.gateway = gateway;
    }

    RouterFunction<ServerResponse> routes() {
        var routes = RouterFunctions.route();
        for (var api : new String[] {"/api/v10", "/api/v9"}) {
            for (var gatewayRoute : new String[] {
                "/gateway",
                "/gateway/bot",
                "/users/@me",
                "/oauth2/applications/@me",
                "/applications/@me",
                "/voice/regions"
            }) {
                routes.GET(api + gatewayRoute, handlingErrors(gateway::forward));
            }
            var channel = api + "/channels/{channel}";
            var message = channel + "/messages/{message}";
            var reaction = message + "/reactions/{emoji}";
            routes.GET(channel, handlingErrors(lookups::channel))
                    .POST(channel + "/typing", handlingErrors(messages::startTyping))
                    .GET(channel + "/messages", handlingErrors(messages::list))
                    .POST(channel + "/messages", handlingErrors(messages::create))
                    .GET(message, handlingErrors(messages::get))
                    .PATCH(message, handlingErrors(messages::edit))
                    .DELETE(message, handlingErrors(messages::delete))
                    .PUT(reaction + "/@me", handlingErrors(reactions::add))
                    .DELETE(reaction + "/{user}", handlingErrors(reactions::remove))
                    .GET(reaction, handlingErrors(reactions::list));
            var guild = api + "/guilds/{guild}";
            routes.GET(guild, handlingErrors(lookups::guild))
                    .GET(guild + "/channels", handlingErrors(lookups::channels))
                    .GET(guild + "/roles", handlingErrors(lookups::roles))
                    .GET(guild + "/members/{user}", handlingErrors(lookups::member))
                    .GET(api + "/users/{user}", handlingErrors(lookups::user));
        }
        return routes.route(request -> request.path().startsWith("/api/"), handlingErrors(request -> {
                    throw ApiError.NOT_FOUND.toException();
                }))
                .build();
    }

    /// Turns an [ApiError] into its response, and any other exception into a plain 500 without details.
    private static HandlerFunction<ServerResponse> handlingErrors(HandlerFunction<ServerResponse> handler) {
        return request -> Mono.defer(() -> handler.handle(request))
                .onErrorResume(ApiError.ApiException.class, e -> RequestSupport.json(e.status(), e.body()))
                .onErrorResume(e -> internalError(request, e));
    }

    private static Mono<ServerResponse> internalError(ServerRequest request, Throwable e) {
        log.error("{} {} failed", request.method(), request.path(), e);
        return RequestSupport.json(ApiError.INTERNAL.status(), ApiError.INTERNAL.body());
    }
}
