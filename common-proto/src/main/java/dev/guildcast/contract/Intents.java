package dev.guildcast.contract;

/// The intent bits of Identify, as the protocol numbers them.
public final class Intents {
    public static final long GUILDS = 1L;
    public static final long GUILD_MEMBERS = 1L << 1;
    public static final long GUILD_MODERATION = 1L << 2;
    public static final long GUILD_EXPRESSIONS = 1L << 3;
    public static final long GUILD_INTEGRATIONS = 1L << 4;
    public static final long GUILD_WEBHOOKS = 1L << 5;
    public static final long GUILD_INVITES = 1L << 6;
    public static final long GUILD_VOICE_STATES = 1L << 7;
    public static final long GUILD_PRESENCES = 1L << 8;
    public static final long GUILD_MESSAGES = 1L << 9;
    public static final long GUILD_MESSAGE_REACTIONS = 1L << 10;
    public static final long GUILD_MESSAGE_TYPING = 1L << 11;
    public static final long DIRECT_MESSAGES = 1L << 12;
    public static final long DIRECT_MESSAGE_REACTIONS = 1L << 13;
    public static final long DIRECT_MESSAGE_TYPING = 1L << 14;
    public static final long MESSAGE_CONTENT = 1L << 15;
    public static final long GUILD_SCHEDULED_EVENTS = 1L << 16;
    public static final long GUILD_EMBEDDED_ACTIVITIES = 1L << 17;
    public static final long PRIVATE_CHANNELS = 1L << 18;
    public static final long CALLS = 1L << 19;
    public static final long AUTO_MODERATION_CONFIGURATION = 1L << 20;
    public static final long AUTO_MODERATION_EXECUTION = 1L << 21;
    public static final long USER_RELATIONSHIPS = 1L << 22;
    public static final long USER_PRESENCE = 1L << 23;
    public static final long GUILD_MESSAGE_POLLS = 1L << 24;
    public static final long DIRECT_MESSAGE_POLLS = 1L << 25;
    public static final long DIRECT_EMBEDDED_ACTIVITIES = 1L << 26;

    /// Every bit that Identify may contain; another one is refused with close code 4013.
    public static final long KNOWN = (1L << 27) - 1;

    /// Bits that the application must be granted; refused with 4014 otherwise.
    public static final long PRIVILEGED = GUILD_MEMBERS | GUILD_PRESENCES | MESSAGE_CONTENT;

    /// Bits for users only; refused with 4014 for bots.
    public static final long USERS_ONLY = PRIVATE_CHANNELS | CALLS | USER_RELATIONSHIPS | USER_PRESENCE;

    private Intents() {}
}
