package dev.guildcast.witness.model;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The protocol's table of guild events: the intent and the permission that each needs, and the channel it belongs to.
final class EventRules {
    private static final long BAN_MEMBERS = 1L << 2;
    private static final long MANAGE_CHANNELS = 1L << 4;
    private static final long MANAGE_GUILD = 1L << 5;
    private static final long VIEW_AUDIT_LOG = 1L << 7;

    private EventRules() {}

    /// Position of the intent's bit; null if none is needed.
    static @Nullable Integer intent(String type) {
        return switch (type) {
            case "GUILD_MEMBER_ADD", "GUILD_MEMBER_UPDATE", "GUILD_MEMBER_REMOVE", "THREAD_MEMBERS_UPDATE" -> 1;
            case "GUILD_AUDIT_LOG_ENTRY_CREATE", "GUILD_BAN_ADD", "GUILD_BAN_REMOVE" -> 2;
            case "GUILD_EMOJIS_UPDATE",
                    "GUILD_STICKERS_UPDATE",
                    "GUILD_SOUNDBOARD_SOUND_CREATE",
                    "GUILD_SOUNDBOARD_SOUND_UPDATE",
                    "GUILD_SOUNDBOARD_SOUND_DELETE",
                    "GUILD_SOUNDBOARD_SOUNDS_UPDATE" -> 3;
            case "GUILD_INTEGRATIONS_UPDATE", "INTEGRATION_CREATE", "INTEGRATION_UPDATE", "INTEGRATION_DELETE" -> 4;
            case "WEBHOOKS_UPDATE" -> 5;
            case "INVITE_CREATE", "INVITE_DELETE" -> 6;
            case "VOICE_STATE_UPDATE", "VOICE_CHANNEL_EFFECT_SEND" -> 7;
            case "PRESENCE_UPDATE" -> 8;
            case "MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE", "MESSAGE_DELETE_BULK" -> 9;
            case "MESSAGE_REACTION_ADD",
                    "MESSAGE_REACTION_REMOVE",
                    "MESSAGE_REACTION_REMOVE_ALL",
                    "MESSAGE_REACTION_REMOVE_EMOJI" -> 10;
            case "TYPING_START" -> 11;
            case "GUILD_SCHEDULED_EVENT_CREATE",
                    "GUILD_SCHEDULED_EVENT_UPDATE",
                    "GUILD_SCHEDULED_EVENT_DELETE",
                    "GUILD_SCHEDULED_EVENT_USER_ADD",
                    "GUILD_SCHEDULED_EVENT_USER_REMOVE" -> 16;
            case "AUTO_MODERATION_RULE_CREATE", "AUTO_MODERATION_RULE_UPDATE", "AUTO_MODERATION_RULE_DELETE" -> 20;
            case "AUTO_MODERATION_ACTION_EXECUTION" -> 21;
            case "MESSAGE_POLL_VOTE_ADD", "MESSAGE_POLL_VOTE_REMOVE" -> 24;
            case "INTERACTION_CREATE", "APPLICATION_COMMAND_PERMISSIONS_UPDATE", "USER_UPDATE" -> null;
            default -> 0;
        };
    }

    /// Position of the intent's bit that an event for named members needs: an ephemeral message is a direct one.
    static @Nullable Integer namedIntent(String type) {
        Integer intent = intent(type);
        return intent != null && intent == 9 ? Integer.valueOf(12) : intent;
    }

    /// Permission bits, of which one is needed; empty: none.
    static List<Long> permissions(String type) {
        return switch (type) {
            case "GUILD_AUDIT_LOG_ENTRY_CREATE" -> List.of(VIEW_AUDIT_LOG);
            case "GUILD_BAN_ADD", "GUILD_BAN_REMOVE" -> List.of(BAN_MEMBERS, VIEW_AUDIT_LOG);
            case "AUTO_MODERATION_RULE_CREATE",
                    "AUTO_MODERATION_RULE_UPDATE",
                    "AUTO_MODERATION_RULE_DELETE",
                    "AUTO_MODERATION_ACTION_EXECUTION" -> List.of(MANAGE_GUILD);
            case "INVITE_CREATE", "INVITE_DELETE" -> List.of(MANAGE_CHANNELS);
            default -> List.of();
        };
    }

    /// The channel or thread that an event is about; empty if it is about the guild, null if it is unknown.
    static @Nullable String channel(String type, JsonNode d, GuildSurroundings around) {
        return switch (type) {
            case "CHANNEL_CREATE",
                    "CHANNEL_UPDATE",
                    "CHANNEL_DELETE",
                    "THREAD_CREATE",
                    "THREAD_UPDATE",
                    "THREAD_DELETE",
                    "THREAD_MEMBER_UPDATE",
                    "THREAD_MEMBERS_UPDATE",
                    "VOICE_CHANNEL_STATUS_UPDATE",
                    "VOICE_CHANNEL_START_TIME_UPDATE" -> GuildState.id(d, "id");
            case "GUILD_SCHEDULED_EVENT_USER_ADD", "GUILD_SCHEDULED_EVENT_USER_REMOVE" ->
                around.eventChannels().get(GuildState.id(d, "guild_scheduled_event_id"));
            case "INTERACTION_CREATE" -> ""; // a command works where its bot sees nothing
            default -> d.path("channel_id").isNull() ? "" : GuildState.id(d, "channel_id");
        };
    }
}
