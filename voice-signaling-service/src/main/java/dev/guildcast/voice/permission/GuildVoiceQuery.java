package dev.guildcast.voice.permission;

import reactor.core.publisher.Mono;

/// Queries the owner of a guild's shard whether a user may join a voice channel.
public interface GuildVoiceQuery {
    /// Fails when the owner is unknown, rejects the call or does not answer in time. Never blocks.
    ///
    /// @param channel 0: none, only the user's current state is of interest
    Mono<Admission> checkJoin(long guild, long channel, long user);

    /// As above, evaluated after everything that is in the guild's log now.
    Mono<Admission> checkJoinAtLogEnd(long guild, long channel, long user);

    /// Whether the user may join, or why not.
    enum JoinVerdict {
        ALLOWED,
        NOT_A_MEMBER,
        NO_SUCH_CHANNEL,
        NO_PERMISSION,
        FULL
    }

    /// @param member JSON of the member object; empty if the user is not a member
    /// @param currentChannel voice channel of the user in the guild's view; 0: none
    /// @param currentSessionId of the session that holds that state
    /// @param region of the channel; empty: automatic
    record Admission(
            JoinVerdict verdict,
            String member,
            long currentChannel,
            String currentSessionId,
            boolean serverMute,
            boolean serverDeaf,
            String region) {
        /// Without member and session.
        @Override
        public String toString() {
            return "admission " + verdict;
        }
    }
}
