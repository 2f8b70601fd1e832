package dev.guildcast.contract;

/// The permission bits that fan-out evaluates, as the protocol numbers them.
public final class Permissions {
    public static final long KICK_MEMBERS = 1L << 1;
    public static final long BAN_MEMBERS = 1L << 2;
    public static final long ADMINISTRATOR = 1L << 3;
    public static final long MANAGE_CHANNELS = 1L << 4;
    public static final long MANAGE_GUILD = 1L << 5;
    public static final long VIEW_AUDIT_LOG = 1L << 7;
    public static final long VIEW_CHANNEL = 1L << 10;
    public static final long SEND_MESSAGES = 1L << 11;
    public static final long READ_MESSAGE_HISTORY = 1L << 16;
    public static final long CONNECT = 1L << 20;
    public static final long SPEAK = 1L << 21;
    public static final long MOVE_MEMBERS = 1L << 24;
    public static final long MANAGE_ROLES = 1L << 28;
    public static final long MANAGE_THREADS = 1L << 34;

    /// The permissions that a timed-out member keeps.
    public static final long ALLOWED_WHILE_TIMED_OUT = VIEW_CHANNEL | READ_MESSAGE_HISTORY;

    private Permissions() {}
}
