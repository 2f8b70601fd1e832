package dev.guildcast.gateway.token;

import reactor.core.publisher.Mono;

/// Tells who a token stands for. Safe for use from any thread; never blocks it.
public interface TokenVerifier {
    /// Never an error, never empty: what cannot be found out is a [TokenVerdict.Unavailable].
    ///
    /// @param token without prefix
    Mono<TokenVerdict> verify(String token);
}
