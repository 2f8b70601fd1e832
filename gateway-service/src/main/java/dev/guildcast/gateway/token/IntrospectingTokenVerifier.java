package dev.guildcast.gateway.token;

import dev.guildcast.shard.call.CallGuard;
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

/// Verifies opaque tokens at an introspection endpoint (RFC 7662).
///
/// - **Owner:** the cache, under its own lock.
/// - **Bound:** `cacheMax` positive results, the least recently used evicted first; rejections are not cached.
/// - **Promise:** a cached result never outlives the token's `exp`, and is used while the endpoint is unavailable.
final class IntrospectingTokenVerifier implements TokenVerifier {
    private static final Logger log = LoggerFactory.getLogger(IntrospectingTokenVerifier.class);

    private final ReactiveOpaqueTokenIntrospector introspector;
    private final CallGuard guard;
    private final Clock clock;
    private final Duration cacheFor;
    private final TokenProperties.Claims required;
    private final Map<String, CachedVerdict> cache;

    IntrospectingTokenVerifier(
            ReactiveOpaqueTokenIntrospector introspector,
            CallGuard guard,
            Clock clock,
            TokenProperties.Introspection introspection,
            TokenProperties.Claims required) {
        this.introspector = introspector;
        this.guard = guard;
        this.clock = clock;
        this.cacheFor = introspection.cacheFor();
        this.required = required;
        int cacheMax = introspection.cacheMax();
        this.cache = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, CachedVerdict> eldest) {
                return size() > cacheMax;
            }
        };
    }

    static boolean isTokenRejection(Throwable error) {
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
                    .map(principal -> toVerdict(key, principal))
                    .onErrorResume(error -> {
                        if (isTokenRejection(error)) {
                            return Mono.just(TokenVerdict.Rejected.REJECTED);
                        }
                        log.debug(
                                "a token could not be introspected; its client is closed with 4000 or gets 503: {}",
                                error.getClass().getSimpleName());
                        return Mono.just(TokenVerdict.Unavailable.UNAVAILABLE);
                    });
        });
    }

    private TokenVerdict toVerdict(String key, OAuth2AuthenticatedPrincipal principal) {
        var claims = principal.getAttributes();
        if (!required.acceptsAudience(claims.get("aud"))) {
            return TokenVerdict.Rejected.REJECTED;
        }
        var now = clock.instant();
        var verdict = TokenClaims.read(claims, now, required.grace());
        var expiresAt = now.plus(cacheFor);
        if (claims.get("exp") instanceof Instant expiry) {
            if (!expiry.isAfter(now)) {
                return TokenVerdict.Rejected.REJECTED;
            }
            expiresAt = expiry.isBefore(expiresAt) ? expiry : expiresAt;
        }
        if (verdict instanceof TokenVerdict.Verified) {
            synchronized (cache) {
                cache.put(key, new CachedVerdict(claims, expiresAt));
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
            if (cached.expiresAt.isAfter(clock.instant())) {
                return TokenClaims.read(cached.claims, clock.instant(), required.grace());
            }
            cache.remove(key);
            return null;
        }
    }

    /// The cache is keyed by digests, so that a heap dump contains no tokens.
    private static String digest(String token) {
        try {
            var sha = MessageDigest.getInstance("SHA-256");
            return Base64.getEncoder().encodeToString(sha.digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is not available", e);
        }
    }

    private record CachedVerdict(Map<String, Object> claims, Instant expiresAt) {}
}
