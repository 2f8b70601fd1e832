package dev.guildcast.gateway.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildcast.gateway.limit.IdentifyLimiter;
import dev.guildcast.gateway.limit.IdentifyProperties;
import dev.guildcast.gateway.socket.PublicUrls;
import dev.guildcast.gateway.token.Identity;
import dev.guildcast.gateway.token.TokenVerdict;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.springframework.test.web.reactive.server.WebTestClient;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What client libraries are sent before they connect.
class GatewayRoutesTest {
    private static final long BOT = 1;
    private static final long LARGE_BOT = 2;
    private static final long USER = 3;

    private OptionalInt guilds = OptionalInt.of(10);

    @Test
    void recommendsOneShardForEachThousandGuilds() {
        assertThat(gatewayBot(BOT).path("shards").asInt()).isEqualTo(1);
        guilds = OptionalInt.of(1000);
        assertThat(gatewayBot(BOT).path("shards").asInt()).isEqualTo(1);
        guilds = OptionalInt.of(1001);
        assertThat(gatewayBot(BOT).path("shards").asInt()).isEqualTo(2);
        guilds = OptionalInt.of(2501);
        assertThat(gatewayBot(BOT).path("shards").asInt()).isEqualTo(3);
        guilds = OptionalInt.empty();
        assertThat(gatewayBot(BOT).path("shards").asInt()).isEqualTo(1);
    }

    @Test
    void recommendsTheFixedShardsOfALargeBot() {
        guilds = OptionalInt.of(2501);
        assertThat(gatewayBot(LARGE_BOT).path("shards").asInt()).isEqualTo(400);
    }

    @Test
    void aUserIsSentTheUrlOnly() {
        client().get()
                .uri("/api/v10/gateway/bot")
                .header("Authorization", "Bearer " + USER)
                .exchange()
                .expectStatus()
                .isUnauthorized();
        client().get().uri("/api/v10/gateway").exchange().expectStatus().isOk();
    }

    @Test
    void aLargeBotIdentifiesWithAMultipleOfItsFixedShardsAndMayStartMoreSessions() {
        var properties = properties();
        assertThat(properties.allowsShards(LARGE_BOT, 400)).isTrue();
        assertThat(properties.allowsShards(LARGE_BOT, 800)).isTrue();
        assertThat(properties.allowsShards(LARGE_BOT, 200)).isFalse();
        assertThat(properties.allowsShards(LARGE_BOT, 1)).isFalse();
        assertThat(properties.allowsShards(BOT, 7)).isTrue();
        assertThat(properties.startsOf(LARGE_BOT)).isEqualTo(2000);
        assertThat(properties.startsOf(BOT)).isEqualTo(1000);
        assertThatThrownBy(() -> properties(Map.of("x", 1)))
                .hasMessage("gateway.identify.fixed-shards.x is 1 (expected: the id of a bot's user, and at least 1)");
    }

    private JsonNode gatewayBot(long bot) {
        var body = client().get()
                .uri("/api/v10/gateway/bot")
                .header("Authorization", "Bot " + bot)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .returnResult()
                .getResponseBodyContent();
        return new JsonMapper().readTree(body);
    }

    private WebTestClient client() {
        var routes = new GatewayRoutes(
                token -> Mono.just(new TokenVerdict.Verified(identity(Long.parseLong(token)))),
                new Starts(),
                properties(),
                new PublicUrls("wss://gateway.test", ""),
                userId -> Mono.just(guilds));
        return WebTestClient.bindToRouterFunction(routes.routes()).build();
    }

    private static Identity identity(long id) {
        return new Identity(id, "{}".getBytes(java.nio.charset.StandardCharsets.UTF_8), id != USER, id, 0);
    }

    private static IdentifyProperties properties() {
        return properties(Map.of(Long.toString(LARGE_BOT), 400));
    }

    private static IdentifyProperties properties(Map<String, Integer> fixedShards) {
        return new IdentifyProperties(
                Duration.ofSeconds(60), 1, Duration.ofSeconds(5), 1000, Duration.ofHours(24), 1, fixedShards);
    }

    private static final class Starts implements IdentifyLimiter {
        @Override
        public Mono<StartDecision> tryStart(long userId, int bucket, boolean counted) {
            return Mono.just(StartDecision.Granted.GRANTED);
        }

        @Override
        public Mono<SessionStartLimit> sessionStartLimit(long userId) {
            return Mono.just(new SessionStartLimit(1000, 1000, Duration.ZERO));
        }
    }
}
