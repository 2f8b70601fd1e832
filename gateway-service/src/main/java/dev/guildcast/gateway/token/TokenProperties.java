package dev.guildcast.gateway.token;

import dev.guildcast.shard.call.CallGuardSettings;
import java.time.Duration;
import java.util.Optional;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How tokens are verified.
///
/// @param kind `jwt`, `introspection`, or `file`, which is for development
/// @param file path of the JSON file of tokens for `kind=file`; read again when it has changed
/// @param jwt for `kind=jwt`
/// @param introspection for `kind=introspection`
/// @param claims what a token must claim, for `kind=jwt` and `kind=introspection`
/// @param guard timeout, concurrency limit and circuit breaker of calls to the issuer or introspection endpoint;
///     clients whose token cannot be verified are closed with 4000 and reconnect
@ConfigurationProperties("gateway.token")
record TokenProperties(
        @DefaultValue("file") Kind kind,
        Optional<String> file,
        @DefaultValue Jwt jwt,
        @DefaultValue Introspection introspection,
        @DefaultValue Claims claims,
        @DefaultValue GuardLimits guard) {
    enum Kind {
        FILE,
        JWT,
        INTROSPECTION
    }

    /// @param secret key of HS256, at least 32 bytes; instead of an issuer
    /// @param issuer URI of the issuer, which `iss` must equal; without a secret and a key set its metadata lead to
    ///     the keys
    /// @param jwkSetUri URI of the key set, for an issuer without metadata
    record Jwt(Optional<String> secret, Optional<String> issuer, Optional<String> jwkSetUri) {}

    /// @param audience that `aud` must contain, so that a token which its issuer made for another service opens no
    ///     session; empty: not checked
    /// @param expiryRequired whether a signed token without `exp` is rejected: nothing else ends the use of a
    ///     stolen one
    /// @param clockSkew by how much the clocks of issuer and gateway may differ; a token is accepted for as long
    ///     after its `exp` and before its `nbf`. At most 5 minutes
    /// @param grace how long after `exp` a connection may live; it is then closed with 4004, and its session ends.
    ///     Longer spares clients that renew their tokens late, shorter ends the use of a stolen token sooner
    record Claims(
            @DefaultValue("guildcast") String audience,
            @DefaultValue("true") boolean expiryRequired,
            @DefaultValue("60s") Duration clockSkew,
            @DefaultValue("60s") Duration grace) {
        /// More than unsynchronised clocks of servers differ by.
        private static final Duration CLOCK_SKEW_MAX = Duration.ofMinutes(5);

        Claims {
            if (clockSkew.isNegative() || clockSkew.compareTo(CLOCK_SKEW_MAX) > 0 || grace.isNegative()) {
                throw new IllegalArgumentException("gateway.token.claims.clock-skew is " + clockSkew + " and grace "
                        + grace + " (expected: 0 to " + CLOCK_SKEW_MAX + ", and at least 0)");
            }
        }

        boolean acceptsAudience(@org.jspecify.annotations.Nullable Object claim) {
            return audience.isEmpty()
                    || audience.equals(claim)
                    || claim instanceof java.util.Collection<?> all && all.contains(audience);
        }
    }

    /// @param uri URI of the introspection endpoint (RFC 7662)
    /// @param clientId client id for the introspection endpoint
    /// @param clientSecret secret of that client; pass it by environment or mounted file, never on a command line
    /// @param cacheFor how long a positive result is used, never past the token's `exp`: longer spares the
    ///     endpoint, shorter ends the use of a revoked token sooner. The default lets a client that reconnects
    ///     again and again be checked once in five minutes
    /// @param cacheMax positive results held; the least recently used are evicted first. An evicted one costs a
    ///     call when its client returns
    record Introspection(
            Optional<String> uri,
            @DefaultValue("") String clientId,
            @DefaultValue("") String clientSecret,
            @DefaultValue("5m") Duration cacheFor,
            @DefaultValue("10000") int cacheMax) {}

    /// @param limit timeout of one call. The default is small against the time that a client has to identify itself
    /// @param concurrentMax calls in flight; more fail at once. The default permits over 300 calls a second even if
    ///     every call lasts for its whole limit
    /// @param window number of recent calls that the breaker evaluates; it opens when half of them failed. With
    ///     fewer, some failures by chance would open it
    /// @param openFor how long the open breaker fails every call before it lets trial calls through. The default
    ///     keeps a failing endpoint from nearly all calls, and delays Identifies by a few seconds once it is back
    /// @param trials trial calls that have to succeed for the breaker to close. One could succeed by chance
    record GuardLimits(
            @DefaultValue("3s") Duration limit,
            @DefaultValue("1000") int concurrentMax,
            @DefaultValue("20") int window,
            @DefaultValue("5s") Duration openFor,
            @DefaultValue("3") int trials) {
        CallGuardSettings toCallGuardSettings() {
            return new CallGuardSettings(limit, concurrentMax, window, openFor, trials);
        }
    }

    static IllegalArgumentException missing(String property, String expected) {
        return new IllegalArgumentException(property + " is not set (expected: " + expected + ")");
    }
}
