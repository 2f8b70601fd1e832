package dev.guildcast.gateway.token;

import dev.guildcast.contract.Intents;

/// Who a verified token stands for.
///
/// @param userId never 0
/// @param user the user object as `READY` shows it, JSON; never changed
/// @param applicationId 0: none
/// @param applicationFlags hold the grants of privileged intents
public record Identity(long userId, byte[] user, boolean bot, long applicationId, long applicationFlags) {
    private static final long PRESENCE_GRANTS = 1L << 12 | 1L << 13;
    private static final long MEMBERS_GRANTS = 1L << 14 | 1L << 15;
    private static final long CONTENT_GRANTS = 1L << 18 | 1L << 19;

    /// The full grant of each privileged intent, for those who grant by name.
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

    /// The privileged intents that the application may ask for.
    public long grantedIntents() {
        return ((applicationFlags & PRESENCE_GRANTS) != 0 ? Intents.GUILD_PRESENCES : 0)
                | ((applicationFlags & MEMBERS_GRANTS) != 0 ? Intents.GUILD_MEMBERS : 0)
                | ((applicationFlags & CONTENT_GRANTS) != 0 ? Intents.MESSAGE_CONTENT : 0);
    }
}
