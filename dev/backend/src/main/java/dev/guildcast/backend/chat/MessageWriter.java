package dev.guildcast.backend.chat;

import dev.guildcast.backend.chat.Chat.Place;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Makes message objects as clients read them, and the events that tell of them.
///
/// Stateless but for the ids.
public final class MessageWriter {
    private static final Pattern USER_MENTION = Pattern.compile("<@!?([0-9]{1,20})>");
    private static final Pattern ROLE_MENTION = Pattern.compile("<@&([0-9]{1,20})>");
    private static final int DEFAULT = 0;
    private static final int REPLY = 19;

    private final Chat chat;
    private final InstantSource clock;
    private final Snowflakes ids;

    public MessageWriter(Chat chat, InstantSource clock) {
        this.chat = chat;
        this.clock = clock;
        this.ids = new Snowflakes(clock);
    }

    /// A new message, as the REST route answers it.
    ///
    /// @param body as the caller sent it, checked
    /// @param reply id of the message it answers; that need not be known here, for others publish messages too
    public ObjectNode write(Place place, JsonNode author, JsonNode body, Optional<String> reply) {
        var message = JsonNodeFactory.instance.objectNode();
        message.put("id", Long.toUnsignedString(ids.next()));
        message.put("channel_id", place.channelId());
        message.set("author", author);
        message.put("type", reply.isPresent() ? REPLY : DEFAULT);
        message.put("timestamp", Times.text(clock.instant()));
        message.putNull("edited_timestamp");
        message.put("tts", body.path("tts").asBoolean(false));
        message.put("pinned", false);
        message.putArray("attachments");
        message.put("flags", body.path("flags").asInt(0));
        message.putArray("components");
        if (body.path("nonce").isString() || body.path("nonce").isNumber()) {
            message.set("nonce", body.path("nonce"));
        }
        setContent(message, place, body);
        reply.ifPresent(id -> refer(message, place, id, body));
        return message;
    }

    /// The next version of a message.
    public ObjectNode rewrite(ObjectNode message, Place place, JsonNode body) {
        var next = message.deepCopy();
        var merged = JsonNodeFactory.instance.objectNode();
        merged.set("content", body.has("content") ? body.path("content") : message.path("content"));
        merged.set("embeds", body.has("embeds") ? body.path("embeds") : message.path("embeds"));
        setContent(next, place, merged);
        if (body.path("flags").isNumber()) {
            next.set("flags", body.path("flags"));
        }
        next.put("edited_timestamp", Times.text(clock.instant()));
        return next;
    }

    private void setContent(ObjectNode message, Place place, JsonNode body) {
        var content = body.path("content").asString("");
        message.put("content", content);
        var embeds = message.putArray("embeds");
        body.path("embeds").forEach(embed -> {
            if (embed instanceof ObjectNode object) {
                var kept = object.deepCopy();
                if (!kept.has("type")) {
                    kept.put("type", "rich");
                }
                embeds.add(kept);
            }
        });
        var author = message.path("author").path("id").asString("");
        boolean mayAll = (place.permissions(author) & Access.MENTION_EVERYONE) != 0;
        message.put("mention_everyone", mayAll && (content.contains("@everyone") || content.contains("@here")));
        var mentions = message.putArray("mentions");
        mentioned(content, USER_MENTION).forEach(id -> chat.user(id).ifPresent(mentions::add));
        var roles = message.putArray("mention_roles");
        mentioned(content, ROLE_MENTION).forEach(roles::add);
    }

    private static Set<String> mentioned(String content, Pattern pattern) {
        var ids = new LinkedHashSet<String>();
        pattern.matcher(content).results().forEach(match -> ids.add(match.group(1)));
        return ids;
    }

    private void refer(ObjectNode message, Place place, String id, JsonNode body) {
        message.putObject("message_reference")
                .put("type", 0)
                .put("message_id", id)
                .put("channel_id", place.channelId())
                .put("guild_id", place.guildId());
        var referenced = chat.message(place.channelId(), id);
        if (referenced.isEmpty()) {
            message.putNull("referenced_message");
            return;
        }
        var original = referenced.get();
        original.remove("referenced_message"); // one level deep
        message.set("referenced_message", original);
        var author = original.path("author");
        boolean tells = body.path("allowed_mentions").path("replied_user").asBoolean(true);
        boolean named = message.path("mentions").values().stream()
                .anyMatch(user -> user.path("id").equals(author.path("id")));
        if (tells && !named) {
            message.withArray("mentions").add(author);
        }
    }

    /// The message as `MESSAGE_CREATE` and `MESSAGE_UPDATE` show it: with the guild and the members.
    public ObjectNode event(String type, ObjectNode message, Place place) {
        var data = message.deepCopy();
        data.put("guild_id", place.guildId());
        data.put("channel_type", place.channel().path("type").asInt(0));
        member(place, message.path("author").path("id").asString("")).ifPresent(member -> data.set("member", member));
        var mentions = data.putArray("mentions");
        for (var user : message.path("mentions")) {
            var mention = (ObjectNode) user.deepCopy();
            member(place, user.path("id").asString("")).ifPresent(member -> mention.set("member", member));
            mentions.add(mention);
        }
        return event(type, data);
    }

    /// A member document without the user in it.
    public static Optional<ObjectNode> member(Place place, String user) {
        return place.member(user).map(member -> {
            var copy = (ObjectNode) member.deepCopy();
            copy.remove("user");
            return copy;
        });
    }

    /// `{"t":type,"d":data}`.
    public static ObjectNode event(String type, ObjectNode data) {
        var event = JsonNodeFactory.instance.objectNode().put("t", type);
        event.set("d", data);
        return event;
    }
}
