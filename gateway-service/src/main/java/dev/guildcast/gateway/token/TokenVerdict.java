package dev.guildcast.gateway.token;

import java.time.Duration;
import java.util.Optional;

/// The result of verifying a token.
public sealed interface TokenVerdict {
    /// The token is valid.
    ///
    /// @param usableFor how long connections may live by it, from now; empty: the token does not expire
    record Verified(Identity identity, Optional<Duration> usableFor) implements TokenVerdict {
        /// A token that does not expire.
        public Verified(Identity identity) {
            this(identity, Optional.empty());
        }
    }

    /// The token is unknown, expired, revoked, or not issued for the gateway.
    enum Rejected implements TokenVerdict {
        REJECTED
    }

    /// The token could not be verified; the client must not be told that it is invalid.
    enum Unavailable implements TokenVerdict {
        UNAVAILABLE
    }
}
