package dev.guildcast.backend.chat;

import dev.guildcast.backend.chat.ChatStore.GuildChannel;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Creates message objects as clients read them, and the events that publish them.
///
/// Stateless but for the ids.
public final class MessageEventFactory {
    private static final Pattern USER_MENTION = Pattern.compile("<@!?([0-9]{1,20})>");
    private static final Pattern ROLE_MENTION = Pattern.compile("<@&([0-9]{1,20})>");
    /// Message type of an ordinary message.
    private static final int DEFAULT = 0;
    /// Message type of a reply.
    private static final int REPLY = 19;

    private final ChatStore chat;
    private final InstantSource clock;
    private final SnowflakeGenerator ids;

    public MessageEventFactory(ChatStore chat, InstantSource clock) {
        this.chat = chat;
        this.clock = clock;
        this.ids = new SnowflakeGenerator(clock);
    }

    /// A new message, as the REST route returns it.
    ///
    /// @param body as the caller sent it, validated
    /// @param reply id of the message it replies to, which may be unknown here: other publishers create messages
    ///     too
    public ObjectNode write(GuildChannel guildChannel, JsonNode author, JsonNode body, Optional<String> reply) {
        var message = JsonNodeFactory.instance.objectNode();
        message.put("id", Long.toUnsignedString(ids.next()));
        message.put("channel_id", guildChannel.channelId());
        message.set("author", author);
        message.put("type", reply.isPresent() ? REPLY : DEFAULT);
        message.put("timestamp", Timestamps.format(clock.instant()));
        message.putNull("edited_timestamp");
        message.put("tts", body.path("tts").asBoolean(false));
        message.put("pinned", false);
        message.putArray("attachments");
        message.put("flags", body.path("flags").asInt(0));
        message.putArray("components");
        if (body.path("nonce").isString() || body.path("nonce").isNumber()) {
            message.set("nonce", body.path("nonce"));
        }
        setContent(message, guildChannel, body);
        reply.ifPresent(id -> setReference(message, guildChannel, id, body));
        return message;
    }

    /// The next version of a message.
    public ObjectNode edit(ObjectNode message, GuildChannel guildChannel, JsonNode body) {
        var next = message.deepCopy();
        var merged = JsonNodeFactory.instance.objectNode();
        merged.set("content", body.has("content") ? body.path("content") : message.path("content"));
        merged.set("embeds", body.has("embeds") ? body.path("embeds") : message.path("embeds"));
        setContent(next, guildChannel, merged);
        if (body.path("flags").isNumber()) {
            next.set("flags", body.path("flags"));
        }
        next.put("edited_timestamp", Timestamps.format(clock.instant()));
        return next;
    }

    private void setContent(ObjectNode message, GuildChannel guildChannel, JsonNode body) {
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
        boolean mayMentionEveryone = (guildChannel.permissions(author) & ChannelPermissions.MENTION_EVERYONE) != 0;
        message.put(
                "mention_everyone", mayMentionEveryone && (content.contains("@everyone") || content.contains("@here")));
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

    private void setReference(ObjectNode message, GuildChannel guildChannel, String id, JsonNode body) {
        message.putObject("message_reference")
                .put("type", 0)
                .put("message_id", id)
                .put("channel_id", guildChannel.channelId())
                .put("guild_id", guildChannel.guildId());
        var referenced = chat.message(guildChannel.channelId(), id);
        if (referenced.isEmpty()) {
            message.putNull("referenced_message");
            return;
        }
        var original = referenced.get();
        original.remove("referenced_message"); // one level deep
        message.set("referenced_message", original);
        var author = original.path("author");
        boolean mentionsAuthor =
                body.path("allowed_mentions").path("replied_user").asBoolean(true);
        boolean alreadyMentioned = message.path("mentions").values().stream()
                .anyMatch(user -> user.path("id").equals(author.path("id")));
        if (mentionsAuthor && !alreadyMentioned) {
            message.withArray("mentions").add(author);
        }
    }

    /// The message as `MESSAGE_CREATE` and `MESSAGE_UPDATE` show it: with the guild and the members.
    public ObjectNode event(String type, ObjectNode message, GuildChannel guildChannel) {
        var data = message.deepCopy();
        data.put("guild_id", guildChannel.guildId());
        data.put("channel_type", guildChannel.channel().path("type").asInt(0));
        member(guildChannel, message.path("author").path("id").asString(""))
                .ifPresent(member -> data.set("member", member));
        var mentions = data.putArray("mentions");
        for (var user : message.path("mentions")) {
            var mention = (ObjectNode) user.deepCopy();
            member(guildChannel, user.path("id").asString("")).ifPresent(member -> mention.set("member", member));
            mentions.add(mention);
        }
        return event(type, data);
    }

    /// A member document without the user in it.
    public static Optional<ObjectNode> member(GuildChannel guildChannel, String user) {
        return guildChannel.member(user).map(member -> {
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
