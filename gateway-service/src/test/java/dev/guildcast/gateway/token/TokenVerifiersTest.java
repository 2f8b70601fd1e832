package dev.guildcast.gateway.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import dev.guildcast.gateway.resilience.CallGuardFactory;
import dev.guildcast.shard.call.CallGuard;
import dev.guildcast.shard.call.CallGuardSettings;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.security.oauth2.server.resource.introspection.SpringReactiveOpaqueTokenIntrospector;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TokenVerifiersTest {
    private static final String SECRET = "0123456789abcdef0123456789abcdef";

    private final Map<String, String> responses = new ConcurrentHashMap<>();
    private static final TokenProperties.Claims CLAIMS =
            new TokenProperties.Claims("guildcast", true, Duration.ofSeconds(60), Duration.ofSeconds(60));
    private static final TokenProperties.Introspection INTROSPECTION =
            new TokenProperties.Introspection(Optional.empty(), "", "", Duration.ofMinutes(5), 10);

    private final AtomicInteger introspectionRequests = new AtomicInteger();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", exchange -> {
            introspectionRequests.incrementAndGet();
            var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            var key = exchange.getRequestURI().getPath() + (body.isEmpty() ? "" : "?" + body);
            var response = responses.getOrDefault(key, "{\"active\":false}").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, response.length);
            exchange.getResponseBody().write(response);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    // ---- JWT

    @Test
    void readsClaimsOfATokenSignedWithTheSecret() throws JOSEException {
        var verifier = jwt(new TokenProperties.Jwt(Optional.of(SECRET), Optional.empty(), Optional.empty()));
        var identity = verified(verifier.verify(hs256(bot().build(), SECRET)).block());
        assertThat(identity.userId()).isEqualTo(100000000000000001L);
        assertThat(identity.bot()).isTrue();
        assertThat(identity.applicationId()).isEqualTo(5);
        assertThat(identity.applicationFlags()).isEqualTo(1L << 18);
        assertThat(json(identity)).isEqualTo(new JsonMapper().readTree("""
                {"id":"100000000000000001","username":"ping","discriminator":"0","avatar":null,"global_name":null,
                 "email":null,"bot":true,"verified":true,"mfa_enabled":false,"flags":0}"""));
    }

    @Test
    void rejectsInvalidTokens() throws JOSEException {
        var verifier = jwt(new TokenProperties.Jwt(Optional.of(SECRET), Optional.empty(), Optional.empty()));
        var past = Date.from(Instant.now().minusSeconds(3600));
        var invalid = new String[] {
            "nope",
            "",
            "a.b.c",
            hs256(bot().build(), "another secret of thirty-two bytes!!"),
            hs256(bot().expirationTime(past).build(), SECRET),
            hs256(bot().claim("scope", "other gateways").build(), SECRET),
            hs256(bot().claim("scope", null).build(), SECRET),
            hs256(bot().subject("not-a-number").build(), SECRET),
            hs256(bot().subject("0").build(), SECRET)
        };
        for (var token : invalid) {
            assertThat(verifier.verify(token).block()).isEqualTo(TokenVerdict.Rejected.REJECTED);
        }
    }

    @Test
    void usersNeedNoApplication() throws JOSEException {
        var verifier = jwt(new TokenProperties.Jwt(Optional.of(SECRET), Optional.empty(), Optional.empty()));
        var claims = new JWTClaimsSet.Builder()
                .subject("7")
                .claim("scope", "openid gateway")
                .audience("guildcast")
                .expirationTime(Date.from(Instant.now().plusSeconds(600)))
                .build();
        var identity = verified(verifier.verify(hs256(claims, SECRET)).block());
        assertThat(identity.bot()).isFalse();
        assertThat(identity.applicationId()).isZero();
        assertThat(json(identity).path("username").asString()).isEqualTo("user-7");
    }

    @Test
    void fetchesTheKeysOfAnIssuerAndChecksItsName() throws JOSEException {
        var key = new RSAKeyGenerator(2048).keyID("k").generate();
        var issuer = "http://127.0.0.1:" + server.getAddress().getPort();
        responses.put(
                "/.well-known/openid-configuration",
                "{\"issuer\":\"" + issuer + "\",\"jwks_uri\":\"" + issuer
                        + "/keys\",\"subject_types_supported\":[\"public\"]}");
        responses.put("/keys", new JWKSet(key).toPublicJWKSet().toString());
        var verifier = jwt(new TokenProperties.Jwt(Optional.empty(), Optional.of(issuer), Optional.empty()));
        var good = rs256(bot().issuer(issuer).build(), key);
        assertThat(verified(verifier.verify(good).block()).userId()).isEqualTo(100000000000000001L);
        var foreign = rs256(bot().issuer("http://elsewhere").build(), key);
        assertThat(verifier.verify(foreign).block()).isEqualTo(TokenVerdict.Rejected.REJECTED);
        var other = new RSAKeyGenerator(2048).keyID("k").generate();
        assertThat(verifier.verify(rs256(bot().issuer(issuer).build(), other)).block())
                .isEqualTo(TokenVerdict.Rejected.REJECTED);
    }

    @Test
    void isUnavailableWhileTheKeysCannotBeFetched() throws JOSEException {
        var key = new RSAKeyGenerator(2048).keyID("k").generate();
        var uri = "http://127.0.0.1:" + server.getAddress().getPort() + "/keys";
        server.stop(0);
        var verifier = jwt(new TokenProperties.Jwt(Optional.empty(), Optional.empty(), Optional.of(uri)));
        assertThat(verifier.verify(rs256(bot().build(), key)).block()).isEqualTo(TokenVerdict.Unavailable.UNAVAILABLE);
    }

    @Test
    void failsToStartWithAShortOrMissingSecret() {
        assertThatThrownBy(() -> TokenConfiguration.decoder(
                        new TokenProperties.Jwt(Optional.of("short"), Optional.empty(), Optional.empty()), CLAIMS))
                .hasMessage("gateway.token.jwt.secret has 5 bytes (expected: at least 32)");
        assertThatThrownBy(() -> TokenConfiguration.decoder(
                        new TokenProperties.Jwt(Optional.empty(), Optional.empty(), Optional.empty()), CLAIMS))
                .hasMessageContaining("gateway.token.jwt.secret is not set");
    }

    @Test
    void requiresAudienceExpiryAndIssuerWhereverTheKeyComesFrom() throws JOSEException {
        var verifier = jwt(
                new TokenProperties.Jwt(Optional.of(SECRET), Optional.of("https://id.example.org"), Optional.empty()));
        var good = bot().issuer("https://id.example.org");
        verified(verifier.verify(hs256(good.build(), SECRET)).block());
        var invalid = List.of(
                bot().build(),
                bot().issuer("https://elsewhere.example.org").build(),
                bot().issuer("https://id.example.org").audience("other").build(),
                bot().issuer("https://id.example.org").claim("aud", null).build(),
                bot().issuer("https://id.example.org").expirationTime(null).build());
        for (var claims : invalid) {
            assertThat(verifier.verify(hs256(claims, SECRET)).block())
                    .as(claims.toString())
                    .isEqualTo(TokenVerdict.Rejected.REJECTED);
        }
    }

    @Test
    void acceptsWhatTheOperatorDoesNotRequire() throws JOSEException {
        var lenient = new TokenProperties.Claims("", false, Duration.ZERO, Duration.ZERO);
        var verifier = jwt(new TokenProperties.Jwt(Optional.of(SECRET), Optional.empty(), Optional.empty()), lenient);
        var claims = bot().claim("aud", null).expirationTime(null).build();
        var verdict = verifier.verify(hs256(claims, SECRET)).block();
        assertThat(verified(verdict).bot()).isTrue();
        assertThat(((TokenVerdict.Verified) Objects.requireNonNull(verdict)).usableFor())
                .isEmpty();
    }

    @Test
    void boundsTheClockSkewAndSaysHowLongATokenIsUsable() throws JOSEException {
        var verifier = jwt(new TokenProperties.Jwt(Optional.of(SECRET), Optional.empty(), Optional.empty()));
        var late =
                bot().expirationTime(Date.from(Instant.now().minusSeconds(90))).build();
        assertThat(verifier.verify(hs256(late, SECRET)).block()).isEqualTo(TokenVerdict.Rejected.REJECTED);
        var skewed =
                bot().expirationTime(Date.from(Instant.now().minusSeconds(20))).build();
        verified(verifier.verify(hs256(skewed, SECRET)).block());
        var verdict = (TokenVerdict.Verified) Objects.requireNonNull(
                verifier.verify(hs256(bot().build(), SECRET)).block());
        assertThat(verdict.usableFor().orElseThrow()).isBetween(Duration.ofSeconds(600), Duration.ofSeconds(660));
        assertThatThrownBy(() -> new TokenProperties.Claims("x", true, Duration.ofHours(1), Duration.ZERO))
                .hasMessageContaining("gateway.token.claims.clock-skew is PT1H");
    }

    // ---- introspection

    @Test
    void rejectsAnIntrospectedTokenForAnotherAudience() {
        var verifier = introspecting(new ManualClock());
        responses.put(
                "/introspect?token=other", "{\"active\":true,\"sub\":\"7\",\"aud\":[\"x\"],\"scope\":\"gateway\"}");
        assertThat(verifier.verify("other").block()).isEqualTo(TokenVerdict.Rejected.REJECTED);
    }

    @Test
    void introspectsAndCachesTheVerdictUntilItExpires() {
        var clock = new ManualClock();
        var verifier = introspecting(clock);
        long expiry = clock.instant().getEpochSecond() + 100;
        responses.put(
                "/introspect?token=opaque",
                "{\"active\":true,\"sub\":\"7\",\"aud\":\"guildcast\",\"name\":\"h1\",\"scope\":\"gateway x\",\"exp\":"
                        + expiry + "}");
        assertThat(verified(verifier.verify("opaque").block()).userId()).isEqualTo(7);
        assertThat(verified(verifier.verify("opaque").block()).bot()).isFalse();
        assertThat(introspectionRequests).hasValue(1);
        clock.advance(Duration.ofSeconds(99));
        verified(verifier.verify("opaque").block());
        assertThat(introspectionRequests).hasValue(1);
        clock.advance(Duration.ofSeconds(1));
        responses.remove("/introspect?token=opaque");
        assertThat(verifier.verify("opaque").block()).isEqualTo(TokenVerdict.Rejected.REJECTED);
        assertThat(introspectionRequests).hasValue(2);
    }

    @Test
    void rejectsInactiveTokensAndThoseWithoutTheGatewayScope() {
        var verifier = introspecting(new ManualClock());
        assertThat(verifier.verify("unknown").block()).isEqualTo(TokenVerdict.Rejected.REJECTED);
        responses.put(
                "/introspect?token=other", "{\"active\":true,\"sub\":\"7\",\"aud\":\"guildcast\",\"scope\":\"else\"}");
        assertThat(verifier.verify("other").block()).isEqualTo(TokenVerdict.Rejected.REJECTED);
    }

    @Test
    void servesCachedVerdictsWhileTheEndpointIsUnavailable() {
        var verifier = introspecting(new ManualClock());
        responses.put(
                "/introspect?token=opaque",
                "{\"active\":true,\"sub\":\"7\",\"aud\":\"guildcast\",\"scope\":\"gateway\"}");
        verified(verifier.verify("opaque").block());
        server.stop(0);
        verified(verifier.verify("opaque").block());
        assertThat(verifier.verify("unknown").block()).isEqualTo(TokenVerdict.Unavailable.UNAVAILABLE);
    }

    @Test
    void opensTheBreakerForAnUnresponsiveEndpointAndClosesItLater() throws IOException {
        var guard = CallGuardFactory.create(
                "t",
                new CallGuardSettings(Duration.ofMillis(500), 100, 4, Duration.ofMillis(300), 1),
                "no token is verified",
                new SimpleMeterRegistry(),
                IntrospectingTokenVerifier::isTokenRejection);
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            var uri = new AtomicReference<>("http://127.0.0.1:" + silent.getLocalPort() + "/introspect");
            var verifier = new IntrospectingTokenVerifier(
                    token -> SpringReactiveOpaqueTokenIntrospector.withIntrospectionUri(uri.get())
                            .clientId("gateway")
                            .clientSecret("secret")
                            .build()
                            .introspect(token),
                    guard,
                    new ManualClock(),
                    INTROSPECTION,
                    CLAIMS);
            assertThat(Flux.range(0, 4)
                            .flatMap(i -> verifier.verify("token" + i))
                            .collectList()
                            .block(Duration.ofSeconds(10)))
                    .containsOnly(TokenVerdict.Unavailable.UNAVAILABLE);
            assertThat(guard.breaker().getState()).isEqualTo(CircuitBreaker.State.OPEN);
            uri.set("http://127.0.0.1:" + server.getAddress().getPort() + "/introspect");
            assertThat(verifier.verify("unknown").block()).isEqualTo(TokenVerdict.Unavailable.UNAVAILABLE);
            assertThat(introspectionRequests).as("while the breaker is open").hasValue(0);
            Awaitility.await()
                    .untilAsserted(() ->
                            assertThat(verifier.verify("unknown").block()).isEqualTo(TokenVerdict.Rejected.REJECTED));
            assertThat(guard.breaker().getState()).isEqualTo(CircuitBreaker.State.CLOSED);
        }
    }

    // ---- fixture

    private static TokenVerifier jwt(TokenProperties.Jwt properties) {
        return jwt(properties, CLAIMS);
    }

    private static TokenVerifier jwt(TokenProperties.Jwt properties, TokenProperties.Claims claims) {
        return new JwtTokenVerifier(
                TokenConfiguration.decoder(properties, claims), guard(), Clock.systemUTC(), claims.grace());
    }

    private TokenVerifier introspecting(Clock clock) {
        var introspector = SpringReactiveOpaqueTokenIntrospector.withIntrospectionUri(
                        "http://127.0.0.1:" + server.getAddress().getPort() + "/introspect")
                .clientId("gateway")
                .clientSecret("secret")
                .build();
        return new IntrospectingTokenVerifier(introspector, guard(), clock, INTROSPECTION, CLAIMS);
    }

    private static CallGuard guard() {
        return CallGuardFactory.create(
                "t",
                CallGuardSettings.of(Duration.ofSeconds(5), 1000, Duration.ofSeconds(5)),
                "no token is verified",
                new SimpleMeterRegistry(),
                error ->
                        JwtTokenVerifier.isTokenRejection(error) || IntrospectingTokenVerifier.isTokenRejection(error));
    }

    static Identity verified(@org.jspecify.annotations.Nullable TokenVerdict verdict) {
        assertThat(verdict).isInstanceOf(TokenVerdict.Verified.class);
        return ((TokenVerdict.Verified) Objects.requireNonNull(verdict)).identity();
    }

    static JsonNode json(Identity identity) {
        return new JsonMapper().readTree(identity.user());
    }

    private static JWTClaimsSet.Builder bot() {
        return new JWTClaimsSet.Builder()
                .subject("100000000000000001")
                .claim("name", "ping")
                .claim("bot", true)
                .claim("app", "5")
                .claim("app_flags", 1L << 18)
                .claim("scope", "gateway")
                .audience(List.of("other", "guildcast"))
                .expirationTime(Date.from(Instant.now().plusSeconds(600)));
    }

    private static String hs256(JWTClaimsSet claims, String secret) throws JOSEException {
        return signed(claims, new JWSHeader(JWSAlgorithm.HS256), new MACSigner(secret));
    }

    private static String rs256(JWTClaimsSet claims, RSAKey key) throws JOSEException {
        return signed(
                claims,
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(),
                new RSASSASigner(key));
    }

    private static String signed(JWTClaimsSet claims, JWSHeader header, JWSSigner signer) throws JOSEException {
        var jwt = new SignedJWT(header, claims);
        jwt.sign(signer);
        return jwt.serialize();
    }

    private static final class ManualClock extends Clock {
        private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2030-01-01T00:00:00Z"));

        void advance(Duration by) {
            now.updateAndGet(it -> it.plus(by));
        }

        @Override
        public ZoneId getZone() {
            return ZoneId.of("UTC");
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now.get();
        }
    }
}
