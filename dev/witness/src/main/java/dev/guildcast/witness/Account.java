package dev.guildcast.witness;

/// The user a client logs in as, and the intents it requests.
///
/// @param name for people, in tables and messages
/// @param token a secret: never printed
/// @param userId the user behind the token
/// @param intents the bits of Identify; GUILDS is required, since a client without it does not receive which guilds it
///     is in
public record Account(String name, String token, String userId, long intents) {
    public Account {
        if (!Intent.GUILDS.in(intents)) {
            throw new IllegalArgumentException("intents " + intents + " (expected: GUILDS among them)");
        }
    }

    public boolean requestsIntent(Intent intent) {
        return intent.in(intents);
    }

    @Override
    public String toString() {
        return name;
    }
}
