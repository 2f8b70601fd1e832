package dev.guildcast.backend.rest;

import dev.guildcast.backend.chat.Access;
import dev.guildcast.backend.chat.Chat;
import dev.guildcast.backend.chat.Chat.Place;
import dev.guildcast.backend.chat.MessageWriter;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Adds, removes and lists reactions. A message may be one that others published, so it need not be known here.
///
/// Stateless.
final class ReactionHandler {
    private static final String ME = "@me";

    private final Requests requests;
    private final Chat chat;

    ReactionHandler(Requests requests, Chat chat) {
        this.requests = requests;
        this.chat = chat;
    }

    Mono<ServerResponse> add(ServerRequest request) {
        var caller = requests.caller(request);
        var place = requests.place(request, caller);
        Requests.require(place, caller, Access.ADD_REACTIONS | Access.READ_HISTORY);
        var message = messageId(request);
        if (!chat.react(message, request.pathVariable("emoji"), caller.id())) {
            return Requests.nothing();
        }
        var data = data(request, place, caller.id());
        place.member(caller.id()).ifPresent(member -> data.set("member", member));
        chat.message(place.channelId(), message)
                .ifPresent(known ->
                        data.set("message_author_id", known.path("author").path("id")));
        return requests.publish(MessageWriter.event("MESSAGE_REACTION_ADD", data), () -> {})
                .then(Mono.defer(Requests::nothing));
    }

    Mono<ServerResponse> remove(ServerRequest request) {
        var caller = requests.caller(request);
        var place = requests.place(request, caller);
        var named = request.pathVariable("user");
        var user = named.equals(ME) ? caller.id() : named;
        if (!user.equals(caller.id())) {
            Requests.require(place, caller, Access.MANAGE_MESSAGES);
        }
        if (!chat.unreact(messageId(request), request.pathVariable("emoji"), user)) {
            return Requests.nothing();
        }
        return requests.publish(MessageWriter.event("MESSAGE_REACTION_REMOVE", data(request, place, user)), () -> {})
                .then(Mono.defer(Requests::nothing));
    }

    Mono<ServerResponse> list(ServerRequest request) {
        var caller = requests.caller(request);
        var place = requests.place(request, caller);
        Requests.require(place, caller, Access.READ_HISTORY);
        var users = JsonNodeFactory.instance.arrayNode();
        chat.reactors(messageId(request), request.pathVariable("emoji"))
                .forEach(id -> chat.user(id).ifPresent(users::add));
        return Requests.ok(users);
    }

    private static String messageId(ServerRequest request) {
        var id = request.pathVariable("message");
        if (!id.matches("[0-9]{1,20}")) {
            throw ApiError.UNKNOWN_MESSAGE.refused();
        }
        return id;
    }

    private static ObjectNode data(ServerRequest request, Place place, String user) {
        var data = JsonNodeFactory.instance.objectNode();
        data.put("user_id", user);
        data.put("channel_id", place.channelId());
        data.put("message_id", messageId(request));
        data.put("guild_id", place.guildId());
        data.set("emoji", emoji(request.pathVariable("emoji")));
        data.put("burst", false);
        data.put("type", 0);
        return data;
    }

    /// @param text the character, or `name:id` of a guild's own emoji
    static ObjectNode emoji(String text) {
        var emoji = JsonNodeFactory.instance.objectNode();
        int colon = text.lastIndexOf(':');
        if (colon > 0 && text.substring(colon + 1).matches("[0-9]{1,20}")) {
            return emoji.put("id", text.substring(colon + 1)).put("name", text.substring(0, colon));
        }
        return emoji.putNull("id").put("name", text);
    }
}
