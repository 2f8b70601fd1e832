package dev.guildcast.witness;

/// The intents that the verified traffic needs, with the protocol's bits.
public enum Intent {
    GUILDS(0),
    GUILD_MEMBERS(1),
    GUILD_EXPRESSIONS(3),
    GUILD_VOICE_STATES(7),
    GUILD_PRESENCES(8),
    GUILD_MESSAGES(9),
    GUILD_MESSAGE_REACTIONS(10),
    GUILD_MESSAGE_TYPING(11),
    DIRECT_MESSAGES(12),
    MESSAGE_CONTENT(15);

    private final long bit;

    Intent(int position) {
        this.bit = 1L << position;
    }

    public boolean in(long intents) {
        return (intents & bit) != 0;
    }

    public static long of(Intent... intents) {
        long bits = 0;
        for (Intent intent : intents) {
            bits |= intent.bit;
        }
        return bits;
    }
}
