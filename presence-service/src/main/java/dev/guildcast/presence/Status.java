package dev.guildcast.presence;

import java.util.Locale;

/// A status; the order of the constants is their precedence in a merge, strongest first.
public enum Status {
    DND,
    ONLINE,
    IDLE,
    INVISIBLE,
    OFFLINE;

    /// Lenient as Discord's protocol is: an unknown text counts as online.
    public static Status parse(String text) {
        return switch (text) {
            case "dnd" -> DND;
            case "idle" -> IDLE;
            case "invisible" -> INVISIBLE;
            case "offline" -> OFFLINE;
            default -> ONLINE;
        };
    }

    /// Whether other users see the session.
    public boolean isVisible() {
        return this != INVISIBLE && this != OFFLINE;
    }

    /// The protocol text that other users receive: invisible is sent as offline.
    public String publicText() {
        return isVisible() ? text() : "offline";
    }

    /// The protocol text that the client itself sends.
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
