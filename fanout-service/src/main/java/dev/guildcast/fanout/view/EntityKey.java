package dev.guildcast.fanout.view;

/// Names one entity of a checkpoint.
///
/// @param guild 0 for what belongs to no guild
/// @param id of the role, channel or user; 0 where there is none
/// @param name of the list, subscription or publisher; else empty
public record EntityKey(Kind kind, long guild, long id, String name) {
    /// What an entity is; the letter is part of its key and is never reused.
    public enum Kind {
        GUILD('g'),
        MARKS('x'),
        ROLE('r'),
        CHANNEL('c'),
        MEMBER('m'),
        VOICE_STATE('v'),
        LIST('l'),
        SUBSCRIPTION('s'),
        PUBLISHER('p');

        private final char letter;

        Kind(char letter) {
            this.letter = letter;
        }

        static Kind of(char letter) {
            for (Kind kind : values()) {
                if (kind.letter == letter) {
                    return kind;
                }
            }
            throw new IllegalArgumentException(
                    "invalid entity kind: '" + letter + "' (expected: a letter of EntityKey.Kind)");
        }
    }

    public static EntityKey of(Kind kind, long guild, long id) {
        return new EntityKey(kind, guild, id, "");
    }

    public static EntityKey named(Kind kind, long guild, String name) {
        return new EntityKey(kind, guild, 0, name);
    }

    /// Reads what [#text] wrote.
    ///
    /// @throws IllegalArgumentException if it is no entity key
    public static EntityKey parse(String text) {
        String[] parts = text.split("/", 4);
        if (parts.length != 4 || parts[0].length() != 1) {
            throw new IllegalArgumentException(
                    "invalid entity key: " + text.length() + " characters (expected: kind/guild/id/name)");
        }
        return new EntityKey(
                Kind.of(parts[0].charAt(0)),
                Long.parseUnsignedLong(parts[1]),
                Long.parseUnsignedLong(parts[2]),
                parts[3]);
    }

    public String text() {
        return kind.letter + "/" + Long.toUnsignedString(guild) + "/" + Long.toUnsignedString(id) + "/" + name;
    }
}
