package dev.guildcast.voice.admission;

import reactor.core.publisher.Mono;

/// Asks the owner of a guild whether a user may join a voice channel of it.
public interface GuildVoice {
    /// Fails when the owner is unknown, refuses or does not answer in time. Never blocks.
    ///
    /// @param channel 0: none; only for what the view knows of the user
    Mono<Admission> admit(long guild, long channel, long user);

    /// As above, after everything that stands in the guild's log now.
    Mono<Admission> settled(long guild, long channel, long user);

    /// Whether, or why not.
    enum Verdict {
        ALLOWED,
        NOT_A_MEMBER,
        NO_SUCH_CHANNEL,
        NO_PERMISSION,
        FULL
    }

    /// @param member JSON of the member object; empty when there is none
    /// @param currentChannel where the guild's view has the user in voice; 0: nowhere
    /// @param currentSessionId of the session that holds that state
    /// @param region of the channel; empty: automatic
    record Admission(
            Verdict verdict,
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
