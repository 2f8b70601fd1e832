package dev.guildcast.presence;

import java.util.Locale;

/// A status, from the one that wins over all others to the one that never does.
public enum Status {
    DND,
    ONLINE,
    IDLE,
    INVISIBLE,
    OFFLINE;

    /// Lenient as the protocol is: what is not known counts as online.
    public static Status of(String text) {
        return switch (text) {
            case "dnd" -> DND;
            case "idle" -> IDLE;
            case "invisible" -> INVISIBLE;
            case "offline" -> OFFLINE;
            default -> ONLINE;
        };
    }

    /// Whether others see the session at all.
    public boolean visible() {
        return this != INVISIBLE && this != OFFLINE;
    }

    /// As clients read it: the invisible are offline to others.
    public String shown() {
        return visible() ? text() : "offline";
    }

    /// As clients write it.
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
