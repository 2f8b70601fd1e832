package dev.guildcast.witness.model;

import dev.guildcast.witness.Account;
import dev.guildcast.witness.Intent;
import dev.guildcast.witness.Publication;
import dev.guildcast.witness.model.Expected.Body;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The protocol's rules for single events: intent, audience, content.
final class Rules {
    private Rules() {}

    static Intent intent(String type) {
        return switch (type) {
            case "GUILD_MEMBER_ADD", "GUILD_MEMBER_UPDATE", "GUILD_MEMBER_REMOVE" -> Intent.GUILD_MEMBERS;
            case "GUILD_EMOJIS_UPDATE", "GUILD_STICKERS_UPDATE" -> Intent.GUILD_EXPRESSIONS;
            case "VOICE_STATE_UPDATE" -> Intent.GUILD_VOICE_STATES;
            case "PRESENCE_UPDATE" -> Intent.GUILD_PRESENCES;
            case "MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE", "MESSAGE_DELETE_BULK" -> Intent.GUILD_MESSAGES;
            case "MESSAGE_REACTION_ADD", "MESSAGE_REACTION_REMOVE" -> Intent.GUILD_MESSAGE_REACTIONS;
            case "TYPING_START" -> Intent.GUILD_MESSAGE_TYPING;
            default -> Intent.GUILDS;
        };
    }

    /// Only messages are sent directly here.
    static Intent directIntent(String type) {
        if (!type.startsWith("MESSAGE_") || type.startsWith("MESSAGE_REACTION")) {
            throw new IllegalArgumentException("no rule for a direct " + type);
        }
        return Intent.DIRECT_MESSAGES;
    }

    static boolean droppable(String type) {
        return type.equals("TYPING_START") || type.equals("PRESENCE_UPDATE");
    }

    /// Whether an event that changes nothing is told to the client in this state of the guild.
    static boolean tells(GuildState guild, Account account, Publication event) {
        if (!guild.hasMember(account.userId()) || !account.asksFor(intent(event.type()))) {
            return false;
        }
        JsonNode channel = event.body().path("channel_id");
        return channel.isMissingNode() || guild.views(account.userId(), channel.asString());
    }

    /// Whether a change is told as such to one who is a member before and after it.
    static boolean tellsChange(GuildState before, GuildState after, Account account, Publication event) {
        String user = account.userId();
        boolean asked = account.asksFor(intent(event.type()));
        String channel = event.body().path("id").asString("");
        return switch (event.type()) {
            case "CHANNEL_CREATE" -> asked && after.views(user, channel);
            case "CHANNEL_DELETE" -> asked && before.views(user, channel);
            case "CHANNEL_UPDATE" -> asked && before.views(user, channel) && after.views(user, channel);
            case "GUILD_MEMBER_UPDATE" ->
                asked || GuildState.id(event.body().path("user"), "id").equals(user);
            default -> asked;
        };
    }

    /// The right body of an event for this client.
    static Body body(Account account, Publication event) {
        if (!event.type().equals("MESSAGE_CREATE") && !event.type().equals("MESSAGE_UPDATE")) {
            return asPublished(event);
        }
        String user = account.userId();
        ObjectNode full = event.body();
        boolean entitled = account.asksFor(Intent.MESSAGE_CONTENT)
                || GuildState.id(full.path("author"), "id").equals(user);
        for (JsonNode mention : full.path("mentions")) {
            entitled |= GuildState.id(mention, "id").equals(user);
        }
        return new Body(full, blanked(full), entitled);
    }

    static Body asPublished(Publication event) {
        return new Body(event.body(), event.body(), true);
    }

    /// A message without its content; the one it answers is blanked alike.
    private static ObjectNode blanked(ObjectNode message) {
        ObjectNode copy = message.deepCopy();
        if (copy.path("content").isString()) {
            copy.put("content", "");
        }
        for (String list : new String[] {"embeds", "attachments", "components"}) {
            if (copy.path(list).isArray()) {
                copy.putArray(list);
            }
        }
        copy.remove("poll");
        if (copy.get("referenced_message") instanceof ObjectNode referenced) {
            copy.set("referenced_message", blanked(referenced));
        }
        return copy;
    }
}
