package dev.guildcast.gateway.token;

import dev.guildcast.gateway.guard.GuardProperties;
import java.time.Duration;
import java.util.Optional;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How tokens are verified.
///
/// @param kind `jwt`, `introspection`, or `file`, which is for development
/// @param file JSON of tokens for `kind=file`; read again when it has changed
/// @param jwt for `kind=jwt`
/// @param introspection for `kind=introspection`
/// @param guard of calls to the issuer or introspection endpoint; while it refuses, clients are closed with 4000 and
///     come back
@ConfigurationProperties("gateway.token")
public record TokenProperties(
        @DefaultValue("file") Kind kind,
        Optional<String> file,
        @DefaultValue Jwt jwt,
        @DefaultValue Introspection introspection,
        @DefaultValue Limits guard) {
    public enum Kind {
        FILE,
        JWT,
        INTROSPECTION
    }

    /// @param secret of HS256, at least 32 bytes; instead of an issuer
    /// @param issuer whose metadata name the keys, and whom `iss` must name
    /// @param jwkSetUri of the keys, where the issuer has no metadata
    public record Jwt(Optional<String> secret, Optional<String> issuer, Optional<String> jwkSetUri) {}

    /// @param uri of the endpoint of RFC 7662
    /// @param clientId by which the gateway logs in there
    /// @param clientSecret that goes with it; give it by environment or mounted file, never on a command line
    /// @param cacheFor a good answer serves this long at most, and never past its own `exp`: longer spares the
    ///     endpoint, shorter lets a revoked token go sooner
    /// @param cacheMax good answers held
    public record Introspection(
            Optional<String> uri,
            @DefaultValue("") String clientId,
            @DefaultValue("") String clientSecret,
            @DefaultValue("5m") Duration cacheFor,
            @DefaultValue("10000") int cacheMax) {}

    /// @param limit of one call
    /// @param concurrentMax calls in flight
    /// @param window calls looked back upon
    /// @param openFor how long the breaker stays open
    /// @param trials good calls that close it
    public record Limits(
            @DefaultValue("3s") Duration limit,
            @DefaultValue("1000") int concurrentMax,
            @DefaultValue("20") int window,
            @DefaultValue("5s") Duration openFor,
            @DefaultValue("3") int trials) {
        GuardProperties toGuard() {
            return new GuardProperties(limit, concurrentMax, window, openFor, trials);
        }
    }

    static IllegalArgumentException missing(String property, String expected) {
        return new IllegalArgumentException(property + " is not set (expected: " + expected + ")");
    }
}
