package dev.guildcast.gateway.token;

import dev.guildcast.gateway.guard.Guard;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import reactor.core.publisher.Mono;

/// Tokens that are signed and say themselves who they stand for.
final class JwtTokenVerifier implements TokenVerifier {
    private static final Logger log = LoggerFactory.getLogger(JwtTokenVerifier.class);

    private final ReactiveJwtDecoder decoder;
    private final Guard guard;

    JwtTokenVerifier(ReactiveJwtDecoder decoder, Guard guard) {
        this.decoder = decoder;
        this.guard = guard;
    }

    /// Whether an error is the decoder's word on the token, not a failure to fetch keys.
    static boolean isAnswer(Throwable error) {
        return error instanceof BadJwtException;
    }

    @Override
    public Mono<TokenVerdict> verify(String token) {
        return guard.around(decoder.decode(token))
                .map(jwt -> TokenClaims.read(jwt.getClaims()))
                .onErrorResume(error -> {
                    if (isAnswer(error)) {
                        return Mono.just(TokenVerdict.Rejected.REJECTED);
                    }
                    log.debug(
                            "no keys to verify a token with: {}",
                            error.getClass().getSimpleName());
                    return Mono.just(TokenVerdict.Unavailable.UNAVAILABLE);
                });
    }
}
