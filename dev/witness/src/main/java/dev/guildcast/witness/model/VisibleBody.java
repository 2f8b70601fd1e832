package dev.guildcast.witness.model;

import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The parts of event bodies that name channels, members, presences and content, listed field by field.
final class VisibleBody {
    private static final List<String> GUILD_CHANNELS = List.of(
            "afk_channel_id",
            "system_channel_id",
            "rules_channel_id",
            "public_updates_channel_id",
            "safety_alerts_channel_id",
            "widget_channel_id");

    private VisibleBody() {}

    /// A body without the channels that are hidden.
    static JsonNode of(String type, JsonNode d, Predicate<String> hidden) {
        if (!(d.deepCopy() instanceof ObjectNode body)) {
            return d;
        }
        switch (type) {
            case "GUILD_UPDATE" -> {
                GUILD_CHANNELS.forEach(field -> toNull(body, field, hidden));
                dropObjects(body.path("welcome_screen").path("welcome_channels"), "channel_id", hidden);
            }
            case "CHANNEL_CREATE", "CHANNEL_UPDATE", "CHANNEL_DELETE" -> toNull(body, "parent_id", hidden);
            case "AUTO_MODERATION_RULE_CREATE", "AUTO_MODERATION_RULE_UPDATE", "AUTO_MODERATION_RULE_DELETE" -> {
                dropIds(body.path("exempt_channels"), hidden);
                body.path("actions").forEach(action -> toNull(action.path("metadata"), "channel_id", hidden));
            }
            case "AUTO_MODERATION_ACTION_EXECUTION" ->
                toNull(body.path("action").path("metadata"), "channel_id", hidden);
            case "GUILD_AUDIT_LOG_ENTRY_CREATE" -> auditLogEntry(body, hidden);
            case "APPLICATION_COMMAND_PERMISSIONS_UPDATE" ->
                drop(
                        body.path("permissions"),
                        each -> each.path("type").asInt() == 3 && hidden.test(GuildState.id(each, "id")));
            case "MESSAGE_CREATE", "MESSAGE_UPDATE" -> {
                dropObjects(body.path("mention_channels"), "id", hidden);
                if (body.get("message_reference") instanceof ObjectNode reference
                        && hidden.test(GuildState.id(reference, "channel_id"))) {
                    reference.remove("channel_id");
                }
            }
            case "THREAD_LIST_SYNC" -> {
                dropIds(body.path("channel_ids"), hidden);
                dropObjects(body.path("threads"), "id", hidden);
            }
            case "GUILD_ONBOARDING_UPDATE" -> {
                dropIds(body.path("default_channel_ids"), hidden);
                body.path("prompts")
                        .forEach(prompt ->
                                prompt.path("options").forEach(option -> dropIds(option.path("channel_ids"), hidden)));
            }
            default -> {}
        }
        return body;
    }

    private static void auditLogEntry(ObjectNode body, Predicate<String> hidden) {
        toNull(body.path("options"), "channel_id", hidden);
        if (hidden.test(GuildState.id(body, "target_id"))) {
            body.putNull("target_id");
            body.putArray("changes");
        }
        for (JsonNode change : body.path("changes")) {
            if (change.path("key").asString("").endsWith("channel_id")) {
                toNull(change, "new_value", hidden);
                toNull(change, "old_value", hidden);
            }
        }
    }

    /// Whether a user reads a message's content without the intent: its author, and whom it mentions.
    static boolean isForReader(JsonNode message, String user) {
        boolean mentioned = false;
        for (JsonNode mention : message.path("mentions")) {
            mentioned |= GuildState.id(mention, "id").equals(user);
        }
        return mentioned || GuildState.id(message.path("author"), "id").equals(user);
    }

    static JsonNode withoutContent(JsonNode message) {
        var body = (ObjectNode) message;
        if (body.has("content")) {
            body.put("content", "");
        }
        for (String list : List.of("embeds", "attachments", "components")) {
            if (body.has(list)) {
                body.putArray(list);
            }
        }
        body.remove("poll");
        return body;
    }

    static JsonNode withoutMatchedContent(JsonNode execution) {
        var body = (ObjectNode) execution;
        for (String field : List.of("content", "matched_content")) {
            if (body.has(field)) {
                body.put(field, "");
            }
        }
        return body;
    }

    /// Without GUILD_MEMBERS only the user itself, without GUILD_PRESENCES nobody's presence.
    static JsonNode threadMembers(JsonNode update, String user, boolean members, boolean presences) {
        if (!members) {
            drop(
                    update.path("added_members"),
                    each -> !GuildState.id(each, "user_id").equals(user));
            drop(update.path("removed_member_ids"), each -> !each.asString().equals(user));
        }
        if (!presences) {
            for (JsonNode each : update.path("added_members")) {
                ((ObjectNode) each).remove("presence");
            }
        }
        return update;
    }

    private static void toNull(JsonNode object, String field, Predicate<String> hidden) {
        if (object instanceof ObjectNode node && hidden.test(GuildState.id(node, field))) {
            node.putNull(field);
        }
    }

    private static void dropIds(JsonNode array, Predicate<String> hidden) {
        drop(array, each -> hidden.test(each.asString()));
    }

    private static void dropObjects(JsonNode array, String field, Predicate<String> hidden) {
        drop(array, each -> hidden.test(GuildState.id(each, field)));
    }

    private static void drop(JsonNode array, Predicate<JsonNode> unwanted) {
        if (array instanceof ArrayNode node) {
            for (Iterator<JsonNode> each = node.iterator(); each.hasNext(); ) {
                if (unwanted.test(each.next())) {
                    each.remove();
                }
            }
        }
    }
}
