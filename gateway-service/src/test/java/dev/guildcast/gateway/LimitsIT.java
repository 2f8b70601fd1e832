package dev.guildcast.gateway;

import static dev.guildcast.gateway.GatewayFixture.IDENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.guildcast.gateway.connection.ConnectionRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Limits with short intervals, the REST routes, and the drain, which runs last.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ParameterizedClass
@ValueSource(strings = {"frame", "webflux"})
class LimitsIT {
    @Parameter
    private String layer = "";

    private static final int MAX = 6;
    private static GatewayFixture gateway;

    @BeforeParameterizedClassInvocation
    static void start(String layer) {
        gateway = new GatewayFixture(
                "--gateway.socket.layer=" + layer,
                "--gateway.heartbeat.interval=2s",
                "--gateway.identify.authenticate-within=1500ms",
                "--gateway.identify.window=1500ms",
                "--gateway.identify.max-concurrency=2",
                "--gateway.identify.shards=3",
                "--gateway.connections.max=" + MAX,
                "--management.endpoints.access.max-permitted=unrestricted",
                // Of the token `operator`.
                "--gateway.operations.token-digest="
                        + "sha256:06e55b633481f7bb072957eabcf110c972e86691c3cfedabe088024bffe42f23",
                "--gateway.connections.retry-after=7s",
                "--gateway.drain.share=50",
                "--gateway.drain.close-after=1s",
                "--gateway.drain.window=20s");
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        gateway.close();
    }

    private static String ident(int id, int count) {
        return IDENT.replace("\"intents\":513", "\"intents\":513,\"shard\":[" + id + "," + count + "]");
    }

    private static void awaitNoConnections() {
        await().until(() -> gateway.bean(ConnectionRegistry.class).all().isEmpty());
    }

    @Test
    @Order(1)
    void v12DelaysTheOp9OfABusyBucketUntilItIsFree() {
        try (var k0 = gateway.openAfterHello();
                var k1 = gateway.openAfterHello();
                var k2 = gateway.openAfterHello()) {
            k0.send(ident(0, 4));
            k0.dispatch("READY");
            // Another bucket, at the same time.
            k1.send(ident(1, 4));
            k1.dispatch("READY");
            k2.send(ident(2, 4));
            k2.expectNothing(Duration.ofMillis(500));
            var refused = k2.message();
            assertThat(refused.path("op").asInt()).isEqualTo(9);
            assertThat(refused.path("d").asBoolean(true)).isFalse();
            k2.send(ident(2, 4));
            k2.dispatch("READY");
        }
        awaitNoConnections();
    }

    @Test
    @Order(2)
    void closesConnectionsThatDoNotAuthenticateInTime() {
        try (var client = gateway.openAfterHello()) {
            client.send("{\"op\":1,\"d\":null}");
            client.op(11);
            assertThat(client.closeCode()).isEqualTo(4003);
        }
        awaitNoConnections();
    }

    @ParameterizedTest
    @Order(2)
    @ValueSource(
            strings = {
                "{\"op\":6,\"d\":{\"token\":\"nope\",\"seq\":0}}",
                "{\"op\":6,\"d\":{\"token\":\"nope\",\"session_id\":\"nonsense\",\"seq\":1}}",
                "{\"op\":6,\"d\":{\"token\":\"nope\",\"session_id\":\"0000000000000001000000000000001f\",\"seq\":1}}"
            })
    void resumesWithoutAVerifiedTokenDoNotKeepAConnectionOpen(String resume) {
        try (var client = gateway.openAfterHello()) {
            long endNanos = System.nanoTime() + Duration.ofSeconds(6).toNanos();
            TestClient.@Nullable Received last = null;
            while (!(last instanceof TestClient.Closed)) {
                assertThat(System.nanoTime()).as("still open").isLessThan(endNanos);
                client.send(resume);
                while (last == null || last instanceof TestClient.Message) {
                    var next = client.nextWithin(Duration.ofMillis(200));
                    if (next == null) {
                        break;
                    }
                    last = next;
                }
            }
            assertThat(((TestClient.Closed) last).code()).isEqualTo(4003);
        }
        awaitNoConnections();
    }

    @Test
    @Order(3)
    void v10ClosesAConnectionWithoutHeartbeatsAndKeepsItsSession() {
        var live = gateway.live("{\"op\":2,\"d\":{\"token\":\"tok-b\",\"intents\":1}}");
        long before = System.nanoTime();
        assertThat(live.client().closeCode()).isEqualTo(4000);
        assertThat(Duration.ofNanos(System.nanoTime() - before))
                .isBetween(Duration.ofMillis(2000), Duration.ofMillis(5000));
        assertThat(gateway.host.hasSession(live.sessionId())).isTrue();
        live.client().close();
        awaitNoConnections();
    }

    @Test
    @Order(4)
    void rejectsConnectionsAboveTheMaximumAndReleasesEveryPermit() {
        for (int round = 0; round < 2; round++) {
            var clients = new java.util.ArrayList<TestClient>();
            for (int i = 0; i < MAX; i++) {
                clients.add(gateway.openAfterHello());
            }
            try (var refused = TestClient.open(gateway.port, GatewayFixture.JSON)) {
                assertThat(refused.status()).isEqualTo(503);
                assertThat(refused.responseHead()).containsIgnoringCase("retry-after: 7");
            }
            clients.get(0).drop();
            await().until(() -> gateway.bean(ConnectionRegistry.class).all().size() < MAX);
            await().until(() -> {
                try (var again = TestClient.open(gateway.port, GatewayFixture.JSON)) {
                    return again.status() == 101;
                }
            });
            clients.forEach(TestClient::close);
            awaitNoConnections();
        }
    }

    @ParameterizedTest
    @Order(5)
    @ValueSource(strings = {"/api/v9", "/api/v10"})
    void restReturnsTheGatewayUrlAndTheCaller(String base) throws Exception {
        assertThat(get(base + "/gateway", null, 200).path("url").asString())
                .isEqualTo("ws://127.0.0.1:" + gateway.port);
        var bot = get(base + "/gateway/bot", "Bot tok-b", 200);
        assertThat(bot.path("url").asString()).isEqualTo("ws://127.0.0.1:" + gateway.port);
        assertThat(bot.path("shards").asInt()).isEqualTo(3);
        var limit = bot.path("session_start_limit");
        assertThat(limit.path("total").asInt()).isEqualTo(1000);
        assertThat(limit.path("remaining").asInt()).isBetween(990, 1000);
        assertThat(limit.path("reset_after").isIntegralNumber()).isTrue();
        assertThat(limit.path("max_concurrency").asInt()).isEqualTo(2);
        assertThat(get(base + "/users/@me", "Bot tok-a", 200).path("id").asString())
                .isEqualTo(GatewayFixture.BOT_A);
        assertThat(get(base + "/users/@me", "Bearer usr-1", 200).path("bot").asBoolean())
                .isFalse();
        for (var path : new String[] {"/oauth2/applications/@me", "/applications/@me"}) {
            var application = get(base + path, "Bot tok-b", 200);
            assertThat(application.path("flags").asLong()).isEqualTo(1L << 12 | 1L << 14 | 1L << 18);
            for (var key : new String[] {
                "id", "name", "icon", "description", "bot_public", "bot_require_code_grant", "owner", "verify_key"
            }) {
                assertThat(application.has(key)).as(key).isTrue();
            }
        }
        assertThat(get(base + "/voice/regions", "Bot tok-a", 200).isArray()).isTrue();
    }

    @ParameterizedTest
    @Order(6)
    @ValueSource(strings = {"/gateway/bot", "/users/@me", "/oauth2/applications/@me", "/applications/@me"})
    void restRejectsUnauthenticatedCallersInJson(String path) throws Exception {
        for (var authorization : new @Nullable String[] {null, "Bot nope", ""}) {
            var answer = get("/api/v10" + path, authorization, 401);
            assertThat(answer.toString()).isEqualTo("{\"message\":\"401: Unauthorized\",\"code\":0}");
        }
        assertThat(get("/api/v10/nothing", null, 404).toString())
                .isEqualTo("{\"message\":\"404: Not Found\",\"code\":0}");
        assertThat(get("/api/v7/gateway", null, 404).path("code").asInt()).isZero();
    }

    @Test
    @Order(7)
    void healthDependsOnNoOtherServiceAndMetricsAreExposed() throws Exception {
        assertThat(get("/actuator/health/liveness", null, 200).path("status").asString())
                .isEqualTo("UP");
        assertThat(get("/actuator/health/readiness", null, 200).path("status").asString())
                .isEqualTo("UP");
        var metrics = text("/actuator/prometheus", null, 200);
        assertThat(metrics)
                .contains("guildcast_gateway_connections_open", "guildcast_gateway_latency_seconds_bucket")
                .contains("guildcast_gateway_closes_total{code=\"4003\",reason=\"not_authenticated\"}")
                .contains("guildcast_gateway_breaker_state{breaker=\"redis-identify\"}");
    }

    @Test
    @Order(8)
    void v10DrainsAtTheConfiguredRateAndClosesRemainingClients() throws Exception {
        var first = gateway.live("{\"op\":2,\"d\":{\"token\":\"usr-1\"}}");
        await().until(() -> get("/actuator/connections", null, 200).path("live").asInt() == 1);
        assertThat(delete("/actuator/connections", null)).isEqualTo(401);
        assertThat(delete("/actuator/connections", "Bearer Operator")).isEqualTo(401);
        assertThat(get("/actuator/connections", null, 200).path("draining").asBoolean())
                .isFalse();
        assertThat(delete("/actuator/connections", "Bearer operator")).isEqualTo(200);
        first.client().op(7);
        gateway.host.publish(first.sessionId(), "MESSAGE_CREATE", "{}");
        first.client().dispatch("MESSAGE_CREATE");
        try (var refused = TestClient.open(gateway.port, GatewayFixture.JSON)) {
            assertThat(refused.status()).isEqualTo(503);
        }
        assertThat(get("/actuator/health/readiness", null, 503).path("status").asString())
                .isEqualTo("OUT_OF_SERVICE");
        assertThat(get("/actuator/health/liveness", null, 200).path("status").asString())
                .isEqualTo("UP");
        assertThat(first.client().closeCode()).isEqualTo(1001);
        // The echo of the gateway's own close does not end the session.
        first.client().sendClose(1001);
        awaitNoConnections();
        assertThat(gateway.host.hasSession(first.sessionId())).isTrue();
    }

    private static JsonNode get(String path, @Nullable String authorization, int status) throws Exception {
        return new JsonMapper().readTree(text(path, authorization, status));
    }

    private static String text(String path, @Nullable String authorization, int status) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.portOf(path) + path));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        try (var http = HttpClient.newHttpClient()) {
            var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(path + " " + authorization).isEqualTo(status);
            return answer.body();
        }
    }

    private static int delete(String path, @Nullable String authorization) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.portOf(path) + path))
                .DELETE();
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        try (var http = HttpClient.newHttpClient()) {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString())
                    .statusCode();
        }
    }
}
