package dev.guildcast.gateway.token;

import reactor.core.publisher.Mono;

/// Verifies tokens and identifies their users. Safe for use from any thread; never blocks it.
public interface TokenVerifier {
    /// Never fails and is never empty: a token that cannot be verified is [TokenVerdict.Unavailable].
    ///
    /// @param token without a `Bot ` or `Bearer ` prefix
    Mono<TokenVerdict> verify(String token);
}
