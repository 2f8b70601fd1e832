package dev.guildcast.witness.model;

import dev.guildcast.witness.Account;
import dev.guildcast.witness.Intent;
import dev.guildcast.witness.PublishedEvent;
import dev.guildcast.witness.model.ExpectedDispatch.ExpectedBody;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The protocol's rules for single events: intents, recipients, content.
final class DispatchRules {
    private DispatchRules() {}

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

    /// The traffic contains no other direct events than messages.
    static Intent directIntent(String type) {
        if (!type.startsWith("MESSAGE_") || type.startsWith("MESSAGE_REACTION")) {
            throw new IllegalArgumentException("no rule for a direct " + type);
        }
        return Intent.DIRECT_MESSAGES;
    }

    static boolean droppable(String type) {
        return type.equals("TYPING_START") || type.equals("PRESENCE_UPDATE");
    }

    /// Whether an event without a state change is dispatched to the client in this state of the guild.
    static boolean delivers(GuildState guild, Account account, PublishedEvent event) {
        if (!guild.hasMember(account.userId()) || !account.requestsIntent(intent(event.type()))) {
            return false;
        }
        JsonNode channel = event.body().path("channel_id");
        return channel.isMissingNode() || guild.canView(account.userId(), channel.asString());
    }

    /// Whether a state change is dispatched under its own type to a user who is a member before and after it.
    static boolean deliversChange(GuildState before, GuildState after, Account account, PublishedEvent event) {
        String user = account.userId();
        boolean requested = account.requestsIntent(intent(event.type()));
        String channel = event.body().path("id").asString("");
        return switch (event.type()) {
            case "CHANNEL_CREATE" -> requested && after.canView(user, channel);
            case "CHANNEL_DELETE" -> requested && before.canView(user, channel);
            case "CHANNEL_UPDATE" -> requested && before.canView(user, channel) && after.canView(user, channel);
            case "GUILD_MEMBER_UPDATE" ->
                requested || GuildState.id(event.body().path("user"), "id").equals(user);
            default -> requested;
        };
    }

    /// The expected body of an event for this client.
    static ExpectedBody body(Account account, PublishedEvent event) {
        if (!event.type().equals("MESSAGE_CREATE") && !event.type().equals("MESSAGE_UPDATE")) {
            return asPublished(event);
        }
        String user = account.userId();
        ObjectNode full = event.body();
        boolean entitled = account.requestsIntent(Intent.MESSAGE_CONTENT)
                || GuildState.id(full.path("author"), "id").equals(user);
        for (JsonNode mention : full.path("mentions")) {
            entitled |= GuildState.id(mention, "id").equals(user);
        }
        return new ExpectedBody(full, blanked(full), entitled);
    }

    static ExpectedBody asPublished(PublishedEvent event) {
        return new ExpectedBody(event.body(), event.body(), true);
    }

    /// A message without its content; the message it replies to is blanked likewise.
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
