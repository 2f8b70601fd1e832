package dev.guildcast.gateway.protocol;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// What a client said, once decoded. Everything that is wrong about it is a value here, too.
public sealed interface Payload {
    /// Op 1, or op 40 of a user.
    ///
    /// @param qos whether it was op 40
    record Heartbeat(boolean qos) implements Payload {}

    /// Op 2.
    ///
    /// @param token without a `Bot ` or `Bearer ` prefix
    /// @param intents empty when absent
    /// @param shard as sent, not yet checked; empty when absent
    /// @param compress payload compression was asked for
    /// @param largeThreshold as sent; empty when absent
    /// @param client desktop, mobile or web, guessed from `properties`
    record Identify(
            String token,
            OptionalLong intents,
            Optional<ShardPair> shard,
            boolean compress,
            OptionalInt largeThreshold,
            Optional<PresenceUpdate> presence,
            String client)
            implements Payload {}

    /// The `[id, count]` pair as a client sent it.
    record ShardPair(long id, long count) {}

    /// Op 6.
    ///
    /// @param token without a prefix
    /// @param sessionId empty when absent, null or not text
    /// @param sequence empty when absent, null or not a number
    record Resume(String token, Optional<String> sessionId, OptionalLong sequence) implements Payload {}

    /// Op 3, read leniently: what cannot be understood has become its default.
    ///
    /// @param status online, idle, dnd or invisible
    /// @param since Unix milliseconds; 0: not idle
    record PresenceUpdate(String status, List<Activity> activities, long since, boolean afk) implements Payload {}

    /// What a client says it does.
    ///
    /// @param name never empty
    record Activity(String name, int type, Optional<String> url, Optional<String> state) {}

    /// Op 4.
    ///
    /// @param channelId 0: leave
    /// @param preferredRegion empty: none
    record VoiceStateUpdate(
            long guildId, long channelId, boolean selfMute, boolean selfDeaf, boolean selfVideo, String preferredRegion)
            implements Payload {}

    /// Op 8, one guild or, of a user, several.
    ///
    /// @param query empty when absent
    /// @param userIds as sent: need not be snowflakes
    /// @param nonce empty when absent or over 32 bytes
    record RequestMembers(
            List<Long> guildIds,
            Optional<String> query,
            int limit,
            List<String> userIds,
            boolean presences,
            Optional<String> nonce)
            implements Payload {}

    /// A known op that is not acted upon, or whose body asks for nothing that could be given.
    record Ignored(Opcode opcode) implements Payload {}

    /// An op that no client may send.
    record Unknown(long number) implements Payload {}

    /// Not a payload at all.
    ///
    /// @param why for a DEBUG line; holds nothing of the frame
    record Malformed(String why) implements Payload {}
}
