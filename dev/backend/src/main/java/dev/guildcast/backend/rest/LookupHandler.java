package dev.guildcast.backend.rest;

import dev.guildcast.backend.chat.Access;
import dev.guildcast.backend.chat.Chat;
import dev.guildcast.backend.chat.Chat.Place;
import dev.guildcast.backend.token.Caller;
import java.util.List;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Answers questions after guilds, channels, members and users.
///
/// Stateless.
final class LookupHandler {
    /// What `GUILD_CREATE` adds to a guild object.
    private static final List<String> OF_GUILD_CREATE = List.of(
            "joined_at",
            "large",
            "unavailable",
            "member_count",
            "voice_states",
            "members",
            "channels",
            "threads",
            "presences",
            "stage_instances",
            "guild_scheduled_events",
            "soundboard_sounds");

    private final Requests requests;
    private final Chat chat;

    LookupHandler(Requests requests, Chat chat) {
        this.requests = requests;
        this.chat = chat;
    }

    Mono<ServerResponse> channel(ServerRequest request) {
        var place = requests.place(request, requests.caller(request));
        return Requests.ok(withGuild(place));
    }

    Mono<ServerResponse> guild(ServerRequest request) {
        var guild = ((ObjectNode) guild(request, requests.caller(request))).deepCopy();
        guild.remove(OF_GUILD_CREATE);
        return Requests.ok(guild);
    }

    Mono<ServerResponse> channels(ServerRequest request) {
        var caller = requests.caller(request);
        var visible = JsonNodeFactory.instance.arrayNode();
        for (var channel : guild(request, caller).path("channels")) {
            chat.channel(channel.path("id").asString(""))
                    .filter(place -> (place.permissions(caller.id()) & Access.VIEW) != 0)
                    .ifPresent(place -> visible.add(withGuild(place)));
        }
        return Requests.ok(visible);
    }

    Mono<ServerResponse> roles(ServerRequest request) {
        return Requests.ok(guild(request, requests.caller(request)).path("roles"));
    }

    Mono<ServerResponse> member(ServerRequest request) {
        var caller = requests.caller(request);
        var user = request.pathVariable("user");
        var id = user.equals("@me") ? caller.id() : user;
        return Requests.ok(guild(request, caller).path("members").values().stream()
                .filter(member -> member.path("user").path("id").asString("").equals(id))
                .findFirst()
                .orElseThrow(ApiError.UNKNOWN_MEMBER::refused));
    }

    Mono<ServerResponse> user(ServerRequest request) {
        requests.caller(request);
        return Requests.ok(chat.user(request.pathVariable("user")).orElseThrow(ApiError.UNKNOWN_USER::refused));
    }

    private JsonNode guild(ServerRequest request, Caller caller) {
        var guild = chat.guild(request.pathVariable("guild")).orElseThrow(ApiError.UNKNOWN_GUILD::refused);
        boolean member = guild.path("members").values().stream()
                .anyMatch(one -> one.path("user").path("id").asString("").equals(caller.id()));
        if (!member) {
            throw ApiError.MISSING_ACCESS.refused();
        }
        return guild;
    }

    private static ObjectNode withGuild(Place place) {
        return ((ObjectNode) place.channel()).deepCopy().put("guild_id", place.guildId());
    }
}
