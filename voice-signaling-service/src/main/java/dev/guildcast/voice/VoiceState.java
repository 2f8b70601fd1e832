package dev.guildcast.voice;

import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A user's state in a voice channel of a guild.
///
/// @param channel 0: none, the user has left
/// @param sessionId of the session that holds the state, as clients know it; never in a log line
/// @param mute by a moderator, like `deaf`
/// @param member JSON of the member object, `user` and `joined_at` included: clients drop a state without them
public record VoiceState(
        long guild,
        long channel,
        long user,
        String sessionId,
        boolean selfMute,
        boolean selfDeaf,
        boolean selfVideo,
        boolean mute,
        boolean deaf,
        String member) {
    private static final JsonMapper JSON = JsonMapper.shared();

    public VoiceState asLeft() {
        return new VoiceState(guild, 0, user, sessionId, selfMute, selfDeaf, false, mute, deaf, member);
    }

    public VoiceState withChannel(long newChannel) {
        return new VoiceState(guild, newChannel, user, sessionId, selfMute, selfDeaf, selfVideo, mute, deaf, member);
    }

    /// @param newMute by a moderator, like `newDeaf`
    public VoiceState withModeration(boolean newMute, boolean newDeaf) {
        return new VoiceState(guild, channel, user, sessionId, selfMute, selfDeaf, selfVideo, newMute, newDeaf, member);
    }

    /// The `d` of VOICE_STATE_UPDATE.
    public String toJson() {
        return "{\"guild_id\":\"" + Long.toUnsignedString(guild)
                + "\",\"channel_id\":" + (channel == 0 ? "null" : "\"" + Long.toUnsignedString(channel) + "\"")
                + ",\"user_id\":\"" + Long.toUnsignedString(user)
                + "\",\"session_id\":" + JSON.writeValueAsString(sessionId)
                + ",\"deaf\":" + deaf
                + ",\"mute\":" + mute
                + ",\"self_deaf\":" + selfDeaf
                + ",\"self_mute\":" + selfMute
                + ",\"self_video\":" + selfVideo
                + ",\"suppress\":false,\"request_to_speak_timestamp\":null,\"member\":" + member + "}";
    }

    /// Parses what [#toJson] wrote; empty if it is anything else.
    public static Optional<VoiceState> fromJson(String json) {
        try {
            JsonNode d = JSON.readTree(json);
            return Optional.of(new VoiceState(
                    parseId(d.path("guild_id")),
                    parseId(d.path("channel_id")),
                    parseId(d.path("user_id")),
                    d.path("session_id").asString(""),
                    d.path("self_mute").asBoolean(false),
                    d.path("self_deaf").asBoolean(false),
                    d.path("self_video").asBoolean(false),
                    d.path("mute").asBoolean(false),
                    d.path("deaf").asBoolean(false),
                    JSON.writeValueAsString(d.path("member"))));
        } catch (JacksonException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static long parseId(JsonNode id) {
        return id.isString() ? Long.parseUnsignedLong(id.stringValue()) : 0;
    }

    /// Without session and member.
    @Override
    public String toString() {
        return "voice state in guild " + Long.toUnsignedString(guild);
    }
}
