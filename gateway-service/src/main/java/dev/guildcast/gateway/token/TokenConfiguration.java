package dev.guildcast.gateway.token;

import dev.guildcast.gateway.resilience.CallGuardFactory;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.jose.jws.MacAlgorithm;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusReactiveJwtDecoder;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import org.springframework.security.oauth2.server.resource.introspection.SpringReactiveOpaqueTokenIntrospector;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(TokenProperties.class)
class TokenConfiguration {
    /// HS256 requires a key at least as long as its hash (RFC 7518, 3.2).
    private static final int SECRET_BYTES_MIN = 32;

    private static final String UNVERIFIED = "tokens that are not cached cannot be verified; clients that identify or"
            + " resume are closed with 4000 and try again, HTTP requests get 503";

    @Bean
    TokenVerifier tokenVerifier(TokenProperties properties, MeterRegistry registry) {
        return switch (properties.kind()) {
            case FILE ->
                new FileTokenVerifier(
                        Path.of(properties
                                .file()
                                .orElseThrow(() -> TokenProperties.missing(
                                        "gateway.token.file", "a JSON file of tokens, or another gateway.token.kind"))),
                        System::nanoTime);
            case JWT ->
                new JwtTokenVerifier(
                        decoder(properties.jwt(), properties.claims()),
                        CallGuardFactory.create(
                                "token-keys",
                                properties.guard().toCallGuardSettings(),
                                UNVERIFIED,
                                registry,
                                JwtTokenVerifier::isTokenRejection),
                        Clock.systemUTC(),
                        properties.claims().grace());
            case INTROSPECTION -> introspectingVerifier(properties, registry);
        };
    }

    static ReactiveJwtDecoder decoder(TokenProperties.Jwt jwt, TokenProperties.Claims claims) {
        var decoder = decoder(jwt);
        decoder.setJwtValidator(validator(jwt, claims));
        return decoder;
    }

    /// The claims are checked in the same way wherever the key comes from.
    private static OAuth2TokenValidator<Jwt> validator(TokenProperties.Jwt jwt, TokenProperties.Claims claims) {
        var validators = new ArrayList<OAuth2TokenValidator<Jwt>>();
        validators.add(new JwtTimestampValidator(claims.clockSkew()));
        validators.add(token -> result("exp", token.getExpiresAt() != null || !claims.expiryRequired()));
        validators.add(token -> result("aud", claims.acceptsAudience(token.getAudience())));
        jwt.issuer().ifPresent(it -> validators.add(new JwtIssuerValidator(it)));
        return new DelegatingOAuth2TokenValidator<>(validators);
    }

    private static OAuth2TokenValidatorResult result(String claim, boolean valid) {
        return valid
                ? OAuth2TokenValidatorResult.success()
                : OAuth2TokenValidatorResult.failure(
                        new OAuth2Error(OAuth2ErrorCodes.INVALID_TOKEN, claim + " is missing or wrong", null));
    }

    private static NimbusReactiveJwtDecoder decoder(TokenProperties.Jwt jwt) {
        if (jwt.secret().isPresent()) {
            var secret = jwt.secret().get().getBytes(StandardCharsets.UTF_8);
            if (secret.length < SECRET_BYTES_MIN) {
                throw new IllegalArgumentException("gateway.token.jwt.secret has " + secret.length
                        + " bytes (expected: at least " + SECRET_BYTES_MIN + ")");
            }
            return NimbusReactiveJwtDecoder.withSecretKey(new SecretKeySpec(secret, "HmacSHA256"))
                    .macAlgorithm(MacAlgorithm.HS256)
                    .build();
        }
        if (jwt.jwkSetUri().isPresent()) {
            return NimbusReactiveJwtDecoder.withJwkSetUri(jwt.jwkSetUri().get()).build();
        }
        var issuer = jwt.issuer()
                .orElseThrow(() ->
                        TokenProperties.missing("gateway.token.jwt.secret", "a secret, an issuer or a jwk-set-uri"));
        // Fetches the issuer's metadata with the first token, so that the gateway starts without the issuer.
        return NimbusReactiveJwtDecoder.withIssuerLocation(issuer).build();
    }

    private static TokenVerifier introspectingVerifier(TokenProperties properties, MeterRegistry registry) {
        var introspection = properties.introspection();
        var uri = introspection
                .uri()
                .orElseThrow(() -> TokenProperties.missing(
                        "gateway.token.introspection.uri", "the address of an RFC 7662 endpoint"));
        var introspector = SpringReactiveOpaqueTokenIntrospector.withIntrospectionUri(uri)
                .clientId(introspection.clientId())
                .clientSecret(introspection.clientSecret())
                .build();
        return new IntrospectingTokenVerifier(
                introspector,
                CallGuardFactory.create(
                        "token-introspection",
                        properties.guard().toCallGuardSettings(),
                        UNVERIFIED,
                        registry,
                        IntrospectingTokenVerifier::isTokenRejection),
                Clock.systemUTC(),
                introspection,
                properties.claims());
    }
}
