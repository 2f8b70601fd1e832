package dev.guildcast.gateway.token;

import dev.guildcast.gateway.guard.Guard;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.oauth2.core.OAuth2AuthenticatedPrincipal;
import org.springframework.security.oauth2.server.resource.introspection.BadOpaqueTokenException;
import org.springframework.security.oauth2.server.resource.introspection.ReactiveOpaqueTokenIntrospector;
import reactor.core.publisher.Mono;

/// Opaque tokens, asked about at an RFC 7662 endpoint.
///
/// - **Owner:** the cache, under its own lock.
/// - **Bound:** `cacheMax` good answers, the least recently used forgotten first; refusals are not cached.
/// - **Promise:** a cached answer never outlives the token's `exp`, and serves while the endpoint is away.
final class IntrospectingTokenVerifier implements TokenVerifier {
    private static final Logger log = LoggerFactory.getLogger(IntrospectingTokenVerifier.class);

    private final ReactiveOpaqueTokenIntrospector introspector;
    private final Guard guard;
    private final Clock clock;
    private final Duration cacheFor;
    private final Map<String, Cached> cache;

    IntrospectingTokenVerifier(
            ReactiveOpaqueTokenIntrospector introspector, Guard guard, Clock clock, Duration cacheFor, int cacheMax) {
        this.introspector = introspector;
        this.guard = guard;
        this.clock = clock;
        this.cacheFor = cacheFor;
        this.cache = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Cached> eldest) {
                return size() > cacheMax;
            }
        };
    }

    static boolean isAnswer(Throwable error) {
        return error instanceof BadOpaqueTokenException;
    }

    @Override
    public Mono<TokenVerdict> verify(String token) {
        return Mono.defer(() -> {
            var key = digest(token);
            var cached = cached(key);
            if (cached != null) {
                return Mono.just(cached);
            }
            return guard.around(introspector.introspect(token))
                    .map(principal -> read(key, principal))
                    .onErrorResume(error -> {
                        if (isAnswer(error)) {
                            return Mono.just(TokenVerdict.Rejected.REJECTED);
                        }
                        log.debug(
                                "a token could not be introspected: {}",
                                error.getClass().getSimpleName());
                        return Mono.just(TokenVerdict.Unavailable.UNAVAILABLE);
                    });
        });
    }

    private TokenVerdict read(String key, OAuth2AuthenticatedPrincipal principal) {
        var claims = principal.getAttributes();
        var verdict = TokenClaims.read(claims);
        var now = clock.instant();
        var until = now.plus(cacheFor);
        if (claims.get("exp") instanceof Instant expiry) {
            if (!expiry.isAfter(now)) {
                return TokenVerdict.Rejected.REJECTED;
            }
            until = expiry.isBefore(until) ? expiry : until;
        }
        if (verdict instanceof TokenVerdict.Verified) {
            synchronized (cache) {
                cache.put(key, new Cached(verdict, until));
            }
        }
        return verdict;
    }

    private @Nullable TokenVerdict cached(String key) {
        synchronized (cache) {
            var cached = cache.get(key);
            if (cached == null) {
                return null;
            }
            if (cached.until.isAfter(clock.instant())) {
                return cached.verdict;
            }
            cache.remove(key);
            return null;
        }
    }

    /// Tokens are not kept: a heap dump shows none.
    private static String digest(String token) {
        try {
            var sha = MessageDigest.getInstance("SHA-256");
            return Base64.getEncoder().encodeToString(sha.digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private record Cached(TokenVerdict verdict, Instant until) {}
}
