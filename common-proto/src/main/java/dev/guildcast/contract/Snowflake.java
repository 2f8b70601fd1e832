package dev.guildcast.contract;

/// Ids of guilds, channels, roles and users: unsigned numbers of 64 bits, written in decimal.
public final class Snowflake {
    /// Decimal digits of 2^64 - 1.
    public static final int DIGITS_MAX = 20;

    private Snowflake() {}

    /// The id that a text spells; 0, which is no id, for any other text.
    public static long parseOrZero(String text) {
        if (text.isEmpty() || text.length() > DIGITS_MAX) {
            return 0;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return 0;
            }
        }
        try {
            return Long.parseUnsignedLong(text);
        } catch (NumberFormatException e) {
            return 0; // Twenty digits above 2^64 - 1.
        }
    }
}
