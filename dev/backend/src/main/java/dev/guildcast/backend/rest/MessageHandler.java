package dev.guildcast.backend.rest;

import dev.guildcast.backend.chat.ChannelPermissions;
import dev.guildcast.backend.chat.ChatStore;
import dev.guildcast.backend.chat.ChatStore.GuildChannel;
import dev.guildcast.backend.chat.MessageEventFactory;
import java.time.InstantSource;
import java.util.Optional;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Creates, edits, deletes and lists messages, and publishes typing.
///
/// Stateless.
final class MessageHandler {
    /// Discord's limit, in code points.
    private static final int CONTENT_MAX = 2_000;
    /// Discord's limit of one page.
    private static final int LIST_MAX = 100;
    /// Discord's default page.
    private static final int LIST_DEFAULT = 50;
    /// Channel type of a category, which holds no messages.
    private static final int CATEGORY = 4;

    private final RequestSupport requests;
    private final ChatStore chat;
    private final MessageEventFactory writer;
    private final InstantSource clock;

    MessageHandler(RequestSupport requests, ChatStore chat, MessageEventFactory writer, InstantSource clock) {
        this.requests = requests;
        this.chat = chat;
        this.writer = writer;
        this.clock = clock;
    }

    Mono<ServerResponse> create(ServerRequest request) {
        var caller = requests.caller(request);
        var guildChannel = requests.guildChannel(request, caller);
        if (guildChannel.channel().path("type").asInt(0) == CATEGORY) {
            throw ApiError.NOT_A_TEXT_CHANNEL.toException();
        }
        RequestSupport.require(guildChannel, caller, ChannelPermissions.SEND);
        return RequestSupport.body(request).flatMap(body -> {
            validate(body);
            var reference = body.path("message_reference").path("message_id").asString("");
            var message = writer.write(
                    guildChannel, caller.user(), body, Optional.of(reference).filter(id -> id.matches("[0-9]{1,20}")));
            return requests.publish(
                            writer.event("MESSAGE_CREATE", message, guildChannel),
                            () -> chat.put(guildChannel.channelId(), message))
                    .then(Mono.defer(() -> RequestSupport.ok(message)));
        });
    }

    Mono<ServerResponse> edit(ServerRequest request) {
        var caller = requests.caller(request);
        var guildChannel = requests.guildChannel(request, caller);
        var message = message(request, guildChannel);
        if (!author(message).equals(caller.id())) {
            throw ApiError.NOT_THE_AUTHOR.toException();
        }
        return RequestSupport.body(request).flatMap(body -> {
            var next = writer.edit(message, guildChannel, body);
            validate(next);
            return requests.publish(
                            writer.event("MESSAGE_UPDATE", next, guildChannel),
                            () -> chat.replace(guildChannel.channelId(), next))
                    .then(Mono.defer(() -> RequestSupport.ok(withReactions(next))));
        });
    }

    Mono<ServerResponse> delete(ServerRequest request) {
        var caller = requests.caller(request);
        var guildChannel = requests.guildChannel(request, caller);
        var message = message(request, guildChannel);
        if (!author(message).equals(caller.id())) {
            RequestSupport.require(guildChannel, caller, ChannelPermissions.MANAGE_MESSAGES);
        }
        var data = JsonNodeFactory.instance.objectNode();
        data.set("id", message.path("id"));
        data.put("channel_id", guildChannel.channelId()).put("guild_id", guildChannel.guildId());
        return requests.publish(
                        MessageEventFactory.event("MESSAGE_DELETE", data),
                        () -> chat.remove(
                                guildChannel.channelId(), message.path("id").asString("")))
                .then(Mono.defer(RequestSupport::noContent));
    }

    Mono<ServerResponse> get(ServerRequest request) {
        var caller = requests.caller(request);
        var guildChannel = requests.guildChannel(request, caller);
        RequestSupport.require(guildChannel, caller, ChannelPermissions.READ_HISTORY);
        return RequestSupport.ok(withReactions(message(request, guildChannel)));
    }

    Mono<ServerResponse> list(ServerRequest request) {
        var caller = requests.caller(request);
        var guildChannel = requests.guildChannel(request, caller);
        int limit = request.queryParam("limit").map(MessageHandler::limit).orElse(LIST_DEFAULT);
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        // Without READ_MESSAGE_HISTORY the list is empty, as in Discord's API.
        if ((guildChannel.permissions(caller.id()) & ChannelPermissions.READ_HISTORY) != 0) {
            chat.messages(guildChannel.channelId(), id(request, "before"), id(request, "after"), limit)
                    .forEach(message -> all.add(withReactions(message)));
        }
        return RequestSupport.ok(all);
    }

    Mono<ServerResponse> startTyping(ServerRequest request) {
        var caller = requests.caller(request);
        var guildChannel = requests.guildChannel(request, caller);
        RequestSupport.require(guildChannel, caller, ChannelPermissions.SEND);
        var data = JsonNodeFactory.instance.objectNode();
        data.put("channel_id", guildChannel.channelId());
        data.put("guild_id", guildChannel.guildId());
        data.put("user_id", caller.id());
        data.put("timestamp", clock.instant().getEpochSecond());
        guildChannel.member(caller.id()).ifPresent(member -> data.set("member", member));
        return requests.publish(MessageEventFactory.event("TYPING_START", data), () -> {})
                .then(Mono.defer(RequestSupport::noContent));
    }

    private ObjectNode message(ServerRequest request, GuildChannel guildChannel) {
        return chat.message(guildChannel.channelId(), request.pathVariable("message"))
                .orElseThrow(ApiError.UNKNOWN_MESSAGE::toException);
    }

    private static String author(JsonNode message) {
        return message.path("author").path("id").asString("");
    }

    private static void validate(JsonNode body) {
        var content = body.path("content");
        if (!content.isMissingNode() && !content.isNull() && !content.isString()) {
            throw ApiError.invalid("content", "BASE_TYPE_STRING", "Could not interpret as string.");
        }
        var text = content.asString("");
        if (text.codePointCount(0, text.length()) > CONTENT_MAX) {
            throw ApiError.invalid(
                    "content", "BASE_TYPE_MAX_LENGTH", "Must be " + CONTENT_MAX + " or fewer in length.");
        }
        if (text.isBlank() && body.path("embeds").isEmpty()) {
            throw ApiError.EMPTY_MESSAGE.toException();
        }
    }

    /// The message with its reactions.
    private ObjectNode withReactions(ObjectNode message) {
        var reactions = chat.reactions(message.path("id").asString(""));
        if (!reactions.isEmpty()) {
            var list = message.putArray("reactions");
            reactions.forEach((emoji, users) -> {
                var one = list.addObject()
                        .put("count", users.size())
                        .put("me", false)
                        .put("me_burst", false);
                one.putObject("count_details").put("burst", 0).put("normal", users.size());
                one.putArray("burst_colors");
                one.set("emoji", ReactionHandler.emoji(emoji));
            });
        }
        return message;
    }

    private static int limit(String text) {
        int limit = text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : 0;
        if (limit < 1 || limit > LIST_MAX) {
            throw ApiError.invalid("limit", "NUMBER_TYPE_RANGE", "Value should be from 1 to " + LIST_MAX + ".");
        }
        return limit;
    }

    private static Optional<Long> id(ServerRequest request, String parameter) {
        return request.queryParam(parameter).map(text -> {
            if (!text.matches("[0-9]{1,19}")) {
                throw ApiError.invalid(
                        parameter, "NUMBER_TYPE_COERCE", "Value \"" + parameter + "\" is not snowflake.");
            }
            return Long.parseUnsignedLong(text);
        });
    }
}
