package dev.guildcast.gateway.token;

/// What became of a token.
public sealed interface TokenVerdict {
    /// Good.
    record Verified(Identity identity) implements TokenVerdict {}

    /// Unknown, expired, revoked, or not meant for the gateway.
    enum Rejected implements TokenVerdict {
        REJECTED
    }

    /// Nobody could say: the client must not be told that its token is bad.
    enum Unavailable implements TokenVerdict {
        UNAVAILABLE
    }
}
