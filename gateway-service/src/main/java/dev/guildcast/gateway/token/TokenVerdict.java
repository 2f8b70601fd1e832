package dev.guildcast.gateway.token;

/// The result of verifying a token.
public sealed interface TokenVerdict {
    /// The token is valid.
    record Verified(Identity identity) implements TokenVerdict {}

    /// The token is unknown, expired, revoked, or not issued for the gateway.
    enum Rejected implements TokenVerdict {
        REJECTED
    }

    /// The token could not be verified; the client must not be told that it is invalid.
    enum Unavailable implements TokenVerdict {
        UNAVAILABLE
    }
}
