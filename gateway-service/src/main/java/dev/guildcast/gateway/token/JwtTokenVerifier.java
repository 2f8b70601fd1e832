package dev.guildcast.gateway.token;

import dev.guildcast.shard.call.CallGuard;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import reactor.core.publisher.Mono;

/// Verifies signed tokens (JWT), whose claims identify the user.
final class JwtTokenVerifier implements TokenVerifier {
    private static final Logger log = LoggerFactory.getLogger(JwtTokenVerifier.class);

    private final ReactiveJwtDecoder decoder;
    private final CallGuard guard;
    private final Clock clock;
    private final Duration grace;

    /// @param grace how long after a token's `exp` its connections may live
    JwtTokenVerifier(ReactiveJwtDecoder decoder, CallGuard guard, Clock clock, Duration grace) {
        this.decoder = decoder;
        this.guard = guard;
        this.clock = clock;
        this.grace = grace;
    }

    /// Whether the decoder has rejected the token, as opposed to a failure to fetch keys.
    static boolean isTokenRejection(Throwable error) {
        return error instanceof BadJwtException;
    }

    @Override
    public Mono<TokenVerdict> verify(String token) {
        return guard.around(decoder.decode(token))
                .map(jwt -> TokenClaims.read(jwt.getClaims(), clock.instant(), grace))
                .onErrorResume(error -> {
                    if (isTokenRejection(error)) {
                        return Mono.just(TokenVerdict.Rejected.REJECTED);
                    }
                    log.debug(
                            "the keys for a token could not be fetched; its client is closed with 4000 or gets 503: {}",
                            error.getClass().getSimpleName());
                    return Mono.just(TokenVerdict.Unavailable.UNAVAILABLE);
                });
    }
}
