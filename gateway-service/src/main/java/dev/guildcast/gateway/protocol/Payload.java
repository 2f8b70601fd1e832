package dev.guildcast.gateway.protocol;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// A decoded frame of a client. Invalid frames are values, too: [Unknown], [Malformed] and [InvalidUtf8].
public sealed interface Payload {
    /// Op 1, or op 40 of a user.
    ///
    /// @param qos whether it was op 40
    record Heartbeat(boolean qos) implements Payload {}

    /// Op 2. One component for each field that has an effect.
    ///
    /// @param token without a `Bot ` or `Bearer ` prefix
    /// @param intents empty when absent
    /// @param shard as sent, not yet checked; empty when absent
    /// @param compress whether payload compression was requested
    /// @param largeThreshold as sent; empty when absent
    /// @param platform desktop, mobile or web, derived from `properties`
    record Identify(
            String token,
            OptionalLong intents,
            Optional<ShardPair> shard,
            boolean compress,
            OptionalInt largeThreshold,
            Optional<PresenceUpdate> presence,
            String platform)
            implements Payload {}

    /// The `[id, count]` pair as a client sent it.
    record ShardPair(long id, long count) {}

    /// Op 6.
    ///
    /// @param token without a prefix
    /// @param sessionId empty when absent, null or not text
    /// @param sequence empty when absent, null or not a number
    record Resume(String token, Optional<String> sessionId, OptionalLong sequence) implements Payload {}

    /// Op 3, decoded leniently: an invalid value has been replaced by its default.
    ///
    /// @param status online, idle, dnd or invisible
    /// @param since Unix milliseconds; 0: not idle
    record PresenceUpdate(String status, List<Activity> activities, long since, boolean afk) implements Payload {}

    /// One activity of a presence.
    ///
    /// @param name never empty
    record Activity(String name, int type, Optional<String> url, Optional<String> state) {}

    /// Op 4.
    ///
    /// @param channelId 0: disconnect from voice
    /// @param preferredRegion empty: none
    record VoiceStateUpdate(
            long guildId, long channelId, boolean selfMute, boolean selfDeaf, boolean selfVideo, String preferredRegion)
            implements Payload {}

    /// Op 8, for one guild or, from a user, several.
    ///
    /// @param query empty when absent
    /// @param userIds as sent; they need not be snowflakes
    /// @param nonce empty when absent or over 32 bytes
    record RequestMembers(
            List<Long> guildIds,
            Optional<String> query,
            int limit,
            List<String> userIds,
            boolean presences,
            Optional<String> nonce)
            implements Payload {}

    /// A known op that has no effect here, or whose body requests nothing that could be returned.
    record Ignored(Opcode opcode) implements Payload {}

    /// An op that clients may not send, or that does not exist.
    record Unknown(long number) implements Payload {}

    /// A message that is not a valid payload.
    ///
    /// @param reason for the DEBUG log; contains nothing of the frame
    record Malformed(String reason) implements Payload {}

    /// Bytes that are not UTF-8, which JSON is written in.
    record InvalidUtf8() implements Payload {}
}
