package dev.guildcast.witness;

/// Who a client logs in as, and what it asks for.
///
/// @param name for people, in tables and messages
/// @param token a secret: never printed
/// @param userId the user behind the token
/// @param intents the bits of Identify; GUILDS has to be among them, since a client without it is told nothing of which
///     guilds it is in
public record Account(String name, String token, String userId, long intents) {
    public Account {
        if (!Intent.GUILDS.in(intents)) {
            throw new IllegalArgumentException("intents " + intents + " (expected: GUILDS among them)");
        }
    }

    public boolean asksFor(Intent intent) {
        return intent.in(intents);
    }

    @Override
    public String toString() {
        return name;
    }
}
