package dev.guildcast.gateway.token;

import dev.guildcast.contract.Intents;

/// The user or bot that a verified token belongs to.
///
/// @param userId never 0
/// @param user the JSON user object of `READY`; never modified
/// @param applicationId 0: none
/// @param applicationFlags Discord's application flags, which contain the grants of privileged intents
public record Identity(long userId, byte[] user, boolean bot, long applicationId, long applicationFlags) {
    /// `GATEWAY_PRESENCE` and `GATEWAY_PRESENCE_LIMITED` of the application flags.
    private static final long PRESENCE_GRANTS = 1L << 12 | 1L << 13;
    /// `GATEWAY_GUILD_MEMBERS` and `GATEWAY_GUILD_MEMBERS_LIMITED`.
    private static final long MEMBERS_GRANTS = 1L << 14 | 1L << 15;
    /// `GATEWAY_MESSAGE_CONTENT` and `GATEWAY_MESSAGE_CONTENT_LIMITED`.
    private static final long CONTENT_GRANTS = 1L << 18 | 1L << 19;

    /// The application flag that grants a privileged intent in full.
    static long grantOf(String privilegedIntent) {
        return switch (privilegedIntent) {
            case "GUILD_PRESENCES" -> 1L << 12;
            case "GUILD_MEMBERS" -> 1L << 14;
            case "MESSAGE_CONTENT" -> 1L << 18;
            default ->
                throw new IllegalArgumentException("privileged intent " + privilegedIntent
                        + " (expected: GUILD_MEMBERS, GUILD_PRESENCES or MESSAGE_CONTENT)");
        };
    }

    /// The privileged intents that the application may request.
    public long grantedIntents() {
        return ((applicationFlags & PRESENCE_GRANTS) != 0 ? Intents.GUILD_PRESENCES : 0)
                | ((applicationFlags & MEMBERS_GRANTS) != 0 ? Intents.GUILD_MEMBERS : 0)
                | ((applicationFlags & CONTENT_GRANTS) != 0 ? Intents.MESSAGE_CONTENT : 0);
    }
}
