package dev.guildcast.backend;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.guildcast.backend.publish.StubIngress;
import dev.guildcast.backend.publish.StubIngress.Behavior;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BackendIT {
    private static final String WORLD = """
            {"tokens":{"t-ada":{"user":{"id":"1","username":"ada"}},"t-bot":{"bot":true,"user":{"id":"2","username":"bot","bot":true}},
              "t-eve":{"user":{"id":"3","username":"eve"}}},
             "guilds":[{"id":"100","name":"g","owner_id":"1","roles":[{"id":"100","permissions":"68672"}],
               "members":[{"user":{"id":"1","username":"ada"},"roles":[],"joined_at":"2026-01-05T09:00:00.000000+00:00"},
                          {"user":{"id":"2","username":"bot","bot":true},"roles":[],"nick":"B"}],
               "channels":[{"id":"101","type":0,"name":"general"},{"id":"103","type":4,"name":"category"},
                 {"id":"102","type":0,"name":"hidden","permission_overwrites":[{"id":"100","type":0,"allow":"0","deny":"1024"}]}]}]}
            """;

    private final HttpClient http = HttpClient.newHttpClient();
    private StubIngress ingress;
    private HttpServer gateway;
    private ConfigurableApplicationContext backend;
    private String api = "";

    private record RestResponse(int status, JsonNode body) {}

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        ingress = StubIngress.start("secret");
        gateway = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4);
        gateway.createContext("/api/v10/gateway/bot", exchange -> {
            var token = exchange.getRequestHeaders().getFirst("Authorization");
            var body = ("{\"url\":\"ws://here\",\"token\":\"" + token + "\"}").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(token == null ? 401 : 200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        gateway.start();
        var world = Files.writeString(folder.resolve("world.json"), WORLD);
        backend = BackendApplication.start(
                "--server.port=0",
                "--backend.world=" + world,
                "--backend.tokens=" + world,
                "--backend.gateway=http://127.0.0.1:" + gateway.getAddress().getPort(),
                "--backend.ingress.target=" + ingress.target(),
                "--backend.ingress.token=secret");
        api = "http://127.0.0.1:" + backend.getEnvironment().getProperty("local.server.port") + "/api/v10";
    }

    @AfterAll
    void stop() throws InterruptedException {
        backend.close();
        gateway.stop(0);
        ingress.close();
    }

    @BeforeEach
    void ingressAccepts() {
        ingress.switchTo(Behavior.ACCEPTS);
    }

    @Test
    void writesAMessageAndPublishesIt() throws Exception {
        var response = post("t-ada", "/channels/101/messages", "{\"content\":\"hello <@2>\",\"nonce\":\"n1\"}");
        assertThat(response.status()).isEqualTo(200);
        var message = response.body();
        assertThat(message.path("content").asString()).isEqualTo("hello <@2>");
        assertThat(message.path("nonce").asString()).isEqualTo("n1");
        assertThat(message.path("author").path("username").asString()).isEqualTo("ada");
        assertThat(message.path("timestamp").asString())
                .matches("\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{6}\\+00:00");
        assertThat(message.path("mentions").get(0).path("id").asString()).isEqualTo("2");
        var event = lastEvent();
        assertThat(event.path("t").asString()).isEqualTo("MESSAGE_CREATE");
        assertThat(event.path("d").path("id")).isEqualTo(message.path("id"));
        assertThat(event.path("d").path("guild_id").asString()).isEqualTo("100");
        assertThat(event.path("d").path("member").has("joined_at")).isTrue();
        assertThat(event.path("d").path("member").has("user")).isFalse();
        assertThat(event.path("d")
                        .path("mentions")
                        .get(0)
                        .path("member")
                        .path("nick")
                        .asString())
                .isEqualTo("B");
    }

    @Test
    void repliesWithAReferenceAndTheReferencedMessage() throws Exception {
        var first = post("t-ada", "/channels/101/messages", "{\"content\":\"!ping\"}")
                .body();
        var reply = post(
                        "t-bot",
                        "/channels/101/messages",
                        "{\"content\":\"pong\",\"message_reference\":{\"message_id\":\""
                                + first.path("id").asString() + "\"}}")
                .body();
        assertThat(reply.path("type").asInt()).isEqualTo(19);
        assertThat(reply.path("message_reference").path("message_id")).isEqualTo(first.path("id"));
        assertThat(reply.path("message_reference").path("guild_id").asString()).isEqualTo("100");
        assertThat(reply.path("referenced_message").path("content").asString()).isEqualTo("!ping");
        assertThat(reply.path("mentions").get(0).path("id").asString()).isEqualTo("1");
        assertThat(lastEvent().path("d").path("referenced_message").path("id")).isEqualTo(first.path("id"));
    }

    @Test
    void repliesToAMessageThatAnotherPublished() throws Exception {
        var reply = post(
                "t-bot",
                "/channels/101/messages",
                "{\"content\":\"pong\",\"message_reference\":{\"message_id\":\"77\"}}");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body().path("referenced_message").isNull()).isTrue();
        assertThat(call("PUT", "t-bot", "/channels/101/messages/77/reactions/" + encoded("👍") + "/@me", "")
                        .status())
                .isEqualTo(204);
        assertThat(lastEvent().path("d").path("emoji").path("name").asString()).isEqualTo("👍");
    }

    @Test
    void keepsReadingAConnectionAfterPipelinedRequests() throws Exception {
        var url = URI.create(api);
        var look = head("GET", url, "/channels/101");
        var body = "{\"content\":\"first of two\"}";
        var write = head("POST", url, "/channels/101/messages")
                        .replace(
                                "\r\n\r\n",
                                "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n")
                + body;
        try (var socket = new Socket(url.getHost(), url.getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write((write + look).getBytes(StandardCharsets.UTF_8));
            readResponses(socket, 2);
            socket.getOutputStream().write(look.getBytes(StandardCharsets.UTF_8));
            readResponses(socket, 1);
        }
    }

    private static String head(String method, URI url, String path) {
        return method + " " + url.getPath() + path + " HTTP/1.1\r\nHost: " + url.getAuthority()
                + "\r\nAuthorization: Bot t-ada\r\n\r\n";
    }

    /// Reads until that many status lines have arrived; a silent connection ends by its timeout.
    private static void readResponses(Socket socket, int count) throws IOException {
        var text = new StringBuilder();
        var buffer = new byte[8192];
        while (text.toString().split("HTTP/1.1 200", -1).length <= count) {
            int read = socket.getInputStream().read(buffer);
            assertThat(read).as("bytes after %s", text).isPositive();
            text.append(new String(buffer, 0, read, StandardCharsets.UTF_8));
        }
    }

    @Test
    void changesAndDeletesOnlyWhatTheCallerMay() throws Exception {
        var id = post("t-bot", "/channels/101/messages", "{\"content\":\"one\"}")
                .body()
                .path("id")
                .asString();
        var path = "/channels/101/messages/" + id;
        assertRejected(call("PATCH", "t-ada", path, "{\"content\":\"x\"}"), 403, 50_005);
        var edited = call("PATCH", "t-bot", path, "{\"content\":\"two\"}");
        assertThat(edited.body().path("content").asString()).isEqualTo("two");
        assertThat(edited.body().path("edited_timestamp").isString()).isTrue();
        assertThat(lastEvent().path("t").asString()).isEqualTo("MESSAGE_UPDATE");
        assertThat(call("GET", "t-ada", path, "").body().path("content").asString())
                .isEqualTo("two");
        var ofAda = post("t-ada", "/channels/101/messages", "{\"content\":\"mine\"}")
                .body()
                .path("id")
                .asString();
        assertRejected(call("DELETE", "t-bot", "/channels/101/messages/" + ofAda, ""), 403, 50_013);
        assertThat(call("DELETE", "t-ada", path, "").status()).isEqualTo(204); // the owner may
        assertThat(lastEvent().path("t").asString()).isEqualTo("MESSAGE_DELETE");
        assertThat(lastEvent().path("d").path("id").asString()).isEqualTo(id);
        assertRejected(call("GET", "t-ada", path, ""), 404, 10_008);
    }

    @Test
    void listsTheNewestFirst() throws Exception {
        var a = post("t-ada", "/channels/101/messages", "{\"content\":\"a\"}")
                .body()
                .path("id")
                .asString();
        var b = post("t-ada", "/channels/101/messages", "{\"content\":\"b\"}")
                .body()
                .path("id")
                .asString();
        var listed = call("GET", "t-bot", "/channels/101/messages?limit=2", "").body();
        assertThat(listed.values())
                .map(message -> message.path("id").asString())
                .containsExactly(b, a);
        assertThat(call("GET", "t-bot", "/channels/101/messages?after=" + a, "").body())
                .hasSize(1);
        assertThat(call("GET", "t-bot", "/channels/101/messages?limit=1&before=" + b, "")
                        .body()
                        .get(0)
                        .path("id")
                        .asString())
                .isEqualTo(a);
        assertRejected(call("GET", "t-bot", "/channels/101/messages?limit=101", ""), 400, 50_035);
    }

    @Test
    void countsAReactionOnce() throws Exception {
        var id = post("t-ada", "/channels/101/messages", "{\"content\":\"r\"}")
                .body()
                .path("id")
                .asString();
        var reaction = "/channels/101/messages/" + id + "/reactions/" + encoded("ok:555");
        assertThat(call("PUT", "t-bot", reaction + "/@me", "").status()).isEqualTo(204);
        assertThat(lastEvent().path("d").path("message_author_id").asString()).isEqualTo("1");
        int before = ingress.events().size();
        assertThat(call("PUT", "t-bot", reaction + "/@me", "").status()).isEqualTo(204);
        assertThat(ingress.events()).hasSize(before);
        assertThat(call("GET", "t-ada", reaction, "").body().get(0).path("id").asString())
                .isEqualTo("2");
        var shown = call("GET", "t-ada", "/channels/101/messages/" + id, "")
                .body()
                .path("reactions")
                .get(0);
        assertThat(shown.path("count").asInt()).isEqualTo(1);
        assertThat(shown.path("emoji").path("id").asString()).isEqualTo("555");
        assertThat(call("DELETE", "t-bot", reaction + "/@me", "").status()).isEqualTo(204);
        assertThat(lastEvent().path("t").asString()).isEqualTo("MESSAGE_REACTION_REMOVE");
    }

    @Test
    void publishesTyping() throws Exception {
        assertThat(call("POST", "t-bot", "/channels/101/typing", "").status()).isEqualTo(204);
        assertThat(lastEvent().path("t").asString()).isEqualTo("TYPING_START");
        assertThat(lastEvent().path("d").path("timestamp").isIntegralNumber()).isTrue();
    }

    @Test
    void showsAMemberOnlyVisibleChannels() throws Exception {
        assertThat(call("GET", "t-bot", "/channels/101", "")
                        .body()
                        .path("guild_id")
                        .asString())
                .isEqualTo("100");
        assertRejected(call("GET", "t-bot", "/channels/102", ""), 403, 50_001);
        assertThat(call("GET", "t-ada", "/channels/102", "").status()).isEqualTo(200);
        assertThat(call("GET", "t-bot", "/guilds/100/channels", "").body()).hasSize(2);
        var guild = call("GET", "t-bot", "/guilds/100", "").body();
        assertThat(guild.path("name").asString()).isEqualTo("g");
        assertThat(guild.has("members")).isFalse();
        assertRejected(call("GET", "t-eve", "/guilds/100", ""), 403, 50_001);
        assertRejected(call("GET", "t-eve", "/channels/101", ""), 403, 50_001);
        assertRejected(call("GET", "t-bot", "/guilds/1", ""), 404, 10_004);
        assertThat(call("GET", "t-bot", "/guilds/100/members/1", "")
                        .body()
                        .path("user")
                        .path("id")
                        .asString())
                .isEqualTo("1");
        assertThat(call("GET", "t-bot", "/users/3", "").body().path("username").asString())
                .isEqualTo("eve");
    }

    @Test
    void rejectsInvalidInputWithDiscordsErrorCodes() throws Exception {
        var path = "/channels/101/messages";
        assertRejected(call("POST", null, path, "{\"content\":\"x\"}"), 401, 0);
        assertRejected(post("t-nobody", path, "{\"content\":\"x\"}"), 401, 0);
        assertRejected(post("t-bot", "/channels/999/messages", "{}"), 404, 10_003);
        assertRejected(post("t-bot", path, "{\"content\":\" \"}"), 400, 50_006);
        assertRejected(post("t-bot", path, "{\"content\""), 400, 50_109);
        assertRejected(post("t-bot", path, "[]"), 400, 50_109);
        assertRejected(post("t-bot", path, "{\"content\":5}"), 400, 50_035);
        var tooLong = post("t-bot", path, "{\"content\":\"" + "x".repeat(2001) + "\"}");
        assertRejected(tooLong, 400, 50_035);
        assertThat(tooLong.body()
                        .path("errors")
                        .path("content")
                        .path("_errors")
                        .get(0)
                        .path("code")
                        .asString())
                .isEqualTo("BASE_TYPE_MAX_LENGTH");
        assertRejected(post("t-bot", path, "{\"content\":\"" + "x".repeat(300_000) + "\"}"), 413, 40_005);
        assertRejected(post("t-ada", "/channels/103/messages", "{\"content\":\"x\"}"), 400, 50_008);
        assertRejected(call("GET", "t-bot", "/nothing/here", ""), 404, 0);
    }

    @Test
    void respondsUnavailableAndStoresNothingWhenIngressRejects() throws Exception {
        ingress.switchTo(Behavior.REJECTS);
        assertRejected(post("t-bot", "/channels/101/messages", "{\"content\":\"lost\"}"), 503, 0);
        assertThat(call("GET", "t-ada", "/channels/101/messages", "").body().toString())
                .doesNotContain("lost");
    }

    @Test
    void proxiesTheGatewaysOwnRoutes() throws Exception {
        var response = call("GET", "t-bot", "/gateway/bot", "");
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.body().path("url").asString()).isEqualTo("ws://here");
        assertThat(response.body().path("token").asString()).isEqualTo("Bot t-bot");
        assertThat(call("GET", null, "/gateway/bot", "").status()).isEqualTo(401);
    }

    private JsonNode lastEvent() {
        return ingress.events().getLast();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static void assertRejected(RestResponse response, int status, int code) {
        assertThat(response.status()).isEqualTo(status);
        assertThat(response.body().path("code").asInt(-1)).isEqualTo(code);
        assertThat(response.body().path("message").isString()).isTrue();
    }

    private RestResponse post(String token, String path, String body) throws Exception {
        return call("POST", token, path, body);
    }

    private RestResponse call(String method, @Nullable String token, String path, String body) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(api + path))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/json")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (token != null) {
            request.header("Authorization", "Bot " + token);
        }
        var response = http.send(request.build(), BodyHandlers.ofString());
        var mapper = new JsonMapper();
        return new RestResponse(
                response.statusCode(),
                response.body().isEmpty() ? mapper.createObjectNode() : mapper.readTree(response.body()));
    }
}
