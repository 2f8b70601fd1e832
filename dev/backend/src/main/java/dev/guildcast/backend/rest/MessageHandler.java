package dev.guildcast.backend.rest;

import dev.guildcast.backend.chat.Access;
import dev.guildcast.backend.chat.Chat;
import dev.guildcast.backend.chat.Chat.Place;
import dev.guildcast.backend.chat.MessageWriter;
import java.time.InstantSource;
import java.util.Optional;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Writes, changes, deletes and lists messages, and says that someone types.
///
/// Stateless.
final class MessageHandler {
    private static final int CONTENT_MAX = 2_000;
    private static final int LIST_MAX = 100;
    private static final int LIST_DEFAULT = 50;
    private static final int CATEGORY = 4;

    private final Requests requests;
    private final Chat chat;
    private final MessageWriter writer;
    private final InstantSource clock;

    MessageHandler(Requests requests, Chat chat, MessageWriter writer, InstantSource clock) {
        this.requests = requests;
        this.chat = chat;
        this.writer = writer;
        this.clock = clock;
    }

    Mono<ServerResponse> create(ServerRequest request) {
        var caller = requests.caller(request);
        var place = requests.place(request, caller);
        if (place.channel().path("type").asInt(0) == CATEGORY) {
            throw ApiError.NOT_A_TEXT_CHANNEL.refused();
        }
        Requests.require(place, caller, Access.SEND);
        return Requests.body(request).flatMap(body -> {
            check(body);
            var reference = body.path("message_reference").path("message_id").asString("");
            var message = writer.write(
                    place, caller.user(), body, Optional.of(reference).filter(id -> id.matches("[0-9]{1,20}")));
            return requests.publish(
                            writer.event("MESSAGE_CREATE", message, place), () -> chat.put(place.channelId(), message))
                    .then(Mono.defer(() -> Requests.ok(message)));
        });
    }

    Mono<ServerResponse> edit(ServerRequest request) {
        var caller = requests.caller(request);
        var place = requests.place(request, caller);
        var message = message(request, place);
        if (!author(message).equals(caller.id())) {
            throw ApiError.NOT_THE_AUTHOR.refused();
        }
        return Requests.body(request).flatMap(body -> {
            var next = writer.rewrite(message, place, body);
            check(next);
            return requests.publish(
                            writer.event("MESSAGE_UPDATE", next, place), () -> chat.replace(place.channelId(), next))
                    .then(Mono.defer(() -> Requests.ok(shown(next))));
        });
    }

    Mono<ServerResponse> delete(ServerRequest request) {
        var caller = requests.caller(request);
        var place = requests.place(request, caller);
        var message = message(request, place);
        if (!author(message).equals(caller.id())) {
            Requests.require(place, caller, Access.MANAGE_MESSAGES);
        }
        var data = JsonNodeFactory.instance.objectNode();
        data.set("id", message.path("id"));
        data.put("channel_id", place.channelId()).put("guild_id", place.guildId());
        return requests.publish(
                        MessageWriter.event("MESSAGE_DELETE", data),
                        () -> chat.remove(place.channelId(), message.path("id").asString("")))
                .then(Mono.defer(Requests::nothing));
    }

    Mono<ServerResponse> get(ServerRequest request) {
        var caller = requests.caller(request);
        var place = requests.place(request, caller);
        Requests.require(place, caller, Access.READ_HISTORY);
        return Requests.ok(shown(message(request, place)));
    }

    Mono<ServerResponse> list(ServerRequest request) {
        var caller = requests.caller(request);
        var place = requests.place(request, caller);
        int limit = request.queryParam("limit").map(MessageHandler::limit).orElse(LIST_DEFAULT);
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        // Without the right to read what was before, the list is empty: clients know it so.
        if ((place.permissions(caller.id()) & Access.READ_HISTORY) != 0) {
            chat.messages(place.channelId(), id(request, "before"), id(request, "after"), limit)
                    .forEach(message -> all.add(shown(message)));
        }
        return Requests.ok(all);
    }

    Mono<ServerResponse> type(ServerRequest request) {
        var caller = requests.caller(request);
        var place = requests.place(request, caller);
        Requests.require(place, caller, Access.SEND);
        var data = JsonNodeFactory.instance.objectNode();
        data.put("channel_id", place.channelId());
        data.put("guild_id", place.guildId());
        data.put("user_id", caller.id());
        data.put("timestamp", clock.instant().getEpochSecond());
        place.member(caller.id()).ifPresent(member -> data.set("member", member));
        return requests.publish(MessageWriter.event("TYPING_START", data), () -> {})
                .then(Mono.defer(Requests::nothing));
    }

    private ObjectNode message(ServerRequest request, Place place) {
        return chat.message(place.channelId(), request.pathVariable("message"))
                .orElseThrow(ApiError.UNKNOWN_MESSAGE::refused);
    }

    private static String author(JsonNode message) {
        return message.path("author").path("id").asString("");
    }

    private static void check(JsonNode body) {
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
            throw ApiError.EMPTY_MESSAGE.refused();
        }
    }

    /// With its reactions.
    private ObjectNode shown(ObjectNode message) {
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
