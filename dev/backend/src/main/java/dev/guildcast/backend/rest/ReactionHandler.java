package dev.guildcast.backend.rest;

import dev.guildcast.backend.chat.ChannelPermissions;
import dev.guildcast.backend.chat.ChatStore;
import dev.guildcast.backend.chat.ChatStore.GuildChannel;
import dev.guildcast.backend.chat.MessageEventFactory;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Adds, removes and lists reactions. The message may come from another publisher and be unknown here.
///
/// Stateless.
final class ReactionHandler {
    private static final String ME = "@me";

    private final RequestSupport requests;
    private final ChatStore chat;

    ReactionHandler(RequestSupport requests, ChatStore chat) {
        this.requests = requests;
        this.chat = chat;
    }

    Mono<ServerResponse> add(ServerRequest request) {
        var caller = requests.caller(request);
        var guildChannel = requests.guildChannel(request, caller);
        RequestSupport.require(
                guildChannel, caller, ChannelPermissions.ADD_REACTIONS | ChannelPermissions.READ_HISTORY);
        var message = messageId(request);
        if (!chat.addReaction(message, request.pathVariable("emoji"), caller.id())) {
            return RequestSupport.noContent();
        }
        var data = data(request, guildChannel, caller.id());
        guildChannel.member(caller.id()).ifPresent(member -> data.set("member", member));
        chat.message(guildChannel.channelId(), message)
                .ifPresent(known ->
                        data.set("message_author_id", known.path("author").path("id")));
        return requests.publish(MessageEventFactory.event("MESSAGE_REACTION_ADD", data), () -> {})
                .then(Mono.defer(RequestSupport::noContent));
    }

    Mono<ServerResponse> remove(ServerRequest request) {
        var caller = requests.caller(request);
        var guildChannel = requests.guildChannel(request, caller);
        var requestedUser = request.pathVariable("user");
        var user = requestedUser.equals(ME) ? caller.id() : requestedUser;
        if (!user.equals(caller.id())) {
            RequestSupport.require(guildChannel, caller, ChannelPermissions.MANAGE_MESSAGES);
        }
        if (!chat.removeReaction(messageId(request), request.pathVariable("emoji"), user)) {
            return RequestSupport.noContent();
        }
        return requests.publish(
                        MessageEventFactory.event("MESSAGE_REACTION_REMOVE", data(request, guildChannel, user)),
                        () -> {})
                .then(Mono.defer(RequestSupport::noContent));
    }

    Mono<ServerResponse> list(ServerRequest request) {
        var caller = requests.caller(request);
        var guildChannel = requests.guildChannel(request, caller);
        RequestSupport.require(guildChannel, caller, ChannelPermissions.READ_HISTORY);
        var users = JsonNodeFactory.instance.arrayNode();
        chat.reactors(messageId(request), request.pathVariable("emoji"))
                .forEach(id -> chat.user(id).ifPresent(users::add));
        return RequestSupport.ok(users);
    }

    private static String messageId(ServerRequest request) {
        var id = request.pathVariable("message");
        if (!id.matches("[0-9]{1,20}")) {
            throw ApiError.UNKNOWN_MESSAGE.toException();
        }
        return id;
    }

    private static ObjectNode data(ServerRequest request, GuildChannel guildChannel, String user) {
        var data = JsonNodeFactory.instance.objectNode();
        data.put("user_id", user);
        data.put("channel_id", guildChannel.channelId());
        data.put("message_id", messageId(request));
        data.put("guild_id", guildChannel.guildId());
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
