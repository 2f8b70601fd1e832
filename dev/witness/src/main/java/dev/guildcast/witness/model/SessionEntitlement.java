package dev.guildcast.witness.model;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What one session of a member is entitled to at one point of a guild's log: which events, and what of their bodies.
///
/// Written from the protocol's description, event by event; it shares no code with what it verifies.
public final class SessionEntitlement {
    private static final int PRIVATE_THREAD = 12;
    private static final long MANAGE_THREADS = 1L << 34;
    /// VIEW_CHANNEL and READ_MESSAGE_HISTORY.
    private static final long TIMED_OUT = 1L << 10 | 1L << 16;

    private static final int GUILDS = 0;
    private static final int GUILD_MEMBERS = 1;
    private static final int GUILD_PRESENCES = 8;
    private static final int MESSAGE_CONTENT = 15;

    private final GuildState guild;
    private final GuildSurroundings around;
    private final String user;
    private final long intents;

    public SessionEntitlement(GuildState guild, GuildSurroundings around, String user, long intents) {
        this.guild = guild;
        this.around = around;
        this.user = user;
        this.intents = intents;
    }

    /// Whether the session receives an event.
    ///
    /// @param named the only members it is for; empty: all
    public boolean receives(String type, JsonNode d, Set<String> named) {
        String channel = EventRules.channel(type, d, around);
        if (!guild.hasMember(user) || channel == null || !named.isEmpty() && !named.contains(user)) {
            return false;
        }
        return switch (type) {
            case "VOICE_STATE_UPDATE" -> receivesVoiceState(d, channel);
            case "THREAD_LIST_SYNC" -> !named.isEmpty() && has(GUILDS);
            case "INTERACTION_CREATE" -> !named.isEmpty();
            case "THREAD_MEMBER_UPDATE" -> has(GUILDS) && isUser(d, "user_id") && sees(channel);
            case "THREAD_MEMBERS_UPDATE" -> sees(channel) && (has(GUILD_MEMBERS) || has(GUILDS) && isAmong(d));
            case "GUILD_MEMBER_UPDATE" -> has(GUILD_MEMBERS) || isUser(d.path("user"), "id");
            case "PRESENCE_UPDATE" -> has(GUILD_PRESENCES) && !isUser(d.path("user"), "id");
            case "VOICE_CHANNEL_EFFECT_SEND" ->
                hasIntent(type, named)
                        && sees(channel)
                        && channel.equals(around.voiceChannels().get(user));
            default -> hasIntent(type, named) && (channel.isEmpty() || sees(channel)) && mayReceive(type, channel);
        };
    }

    /// What of an event's body the session is shown.
    public JsonNode shown(String type, JsonNode d) {
        JsonNode body = VisibleBody.of(type, d, channel -> guild.channels().containsKey(channel) && !sees(channel));
        return switch (type) {
            case "MESSAGE_CREATE", "MESSAGE_UPDATE" ->
                has(MESSAGE_CONTENT) || VisibleBody.isForReader(d, user) ? body : VisibleBody.withoutContent(body);
            case "AUTO_MODERATION_ACTION_EXECUTION" ->
                has(MESSAGE_CONTENT) || isUser(d, "user_id") ? body : VisibleBody.withoutMatchedContent(body);
            case "THREAD_MEMBERS_UPDATE" ->
                VisibleBody.threadMembers(body, user, has(GUILD_MEMBERS), has(GUILD_PRESENCES));
            default -> body;
        };
    }

    /// Whether the session's user sees a channel or thread.
    public boolean sees(String channel) {
        ChannelState state = guild.channels().get(channel);
        if (state == null || !guild.canView(user, channel)) {
            return false;
        }
        return state.type() != PRIVATE_THREAD
                || (guild.permissions(user, channel) & MANAGE_THREADS) != 0
                || around.threadMembers().getOrDefault(channel, Set.of()).contains(user);
    }

    /// Who sees the channel, and the user itself; who leaves is seen by those who see the channel it was in.
    private boolean receivesVoiceState(JsonNode d, String channel) {
        String shown =
                channel.isEmpty() ? around.voiceChannels().getOrDefault(GuildState.id(d, "user_id"), "") : channel;
        return has(7) && (sees(shown) || isUser(d, "user_id"));
    }

    private boolean mayReceive(String type, String channel) {
        var needed = EventRules.permissions(type);
        if (needed.isEmpty()) {
            return true;
        }
        long held = guild.permissions(user, channel);
        long effective = held != -1L && around.timedOut().contains(user) ? held & TIMED_OUT : held;
        return needed.stream().anyMatch(bits -> (effective & bits) != 0);
    }

    private boolean hasIntent(String type, Set<String> named) {
        @Nullable Integer position = named.isEmpty() ? EventRules.intent(type) : EventRules.namedIntent(type);
        return position == null || has(position);
    }

    private boolean has(int position) {
        return (intents & 1L << position) != 0;
    }

    private boolean isUser(JsonNode object, String field) {
        return GuildState.id(object, field).equals(user);
    }

    private boolean isAmong(JsonNode d) {
        boolean among = false;
        for (JsonNode member : d.path("added_members")) {
            among |= isUser(member, "user_id");
        }
        for (JsonNode removed : d.path("removed_member_ids")) {
            among |= removed.asString().equals(user);
        }
        return among;
    }
}
