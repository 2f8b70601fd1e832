package dev.guildcast.suite.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.guildcast.suite.publish.HttpIngressClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WorldLoaderTest {
    private final List<String> bodies = new ArrayList<>();
    private HttpServer ingress = emptyServer();
    private String responseBody = "{\"accepted\":1,\"refused\":[]}";

    private static HttpServer emptyServer() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @BeforeEach
    void listen() {
        ingress.createContext("/events", exchange -> {
            bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            boolean known = Objects.equals(exchange.getRequestHeaders().getFirst("Authorization"), "Bearer secret");
            var bytes = responseBody.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(known ? 200 : 401, known ? bytes.length : -1);
            if (known) {
                exchange.getResponseBody().write(bytes);
            }
            exchange.close();
        });
        ingress.start();
    }

    @AfterEach
    void stop() {
        ingress.stop(0);
    }

    @Test
    void postsEachGuildByItselfAndThenTheEvents() throws IOException {
        assertThat(loader("secret").load(world())).isEmpty();
        assertThat(bodies).hasSize(2);
        assertThat(bodies.getFirst()).contains("GUILD_CREATE").doesNotContain("\n");
        assertThat(bodies.getLast().lines()).hasSize(2).allMatch(line -> line.contains("\"publisher\":\"world\""));
    }

    @Test
    void reportsRejectedEvents() throws IOException {
        responseBody = "{\"accepted\":0,\"refused\":[{\"index\":0,\"field\":\"d.id\",\"reason\":\"is missing\"}]}";
        assertThat(loader("secret").load(world()))
                .containsExactly("guilds[0] d.id was rejected: is missing", "events[0] d.id was rejected: is missing");
    }

    @Test
    void failsWhenUnauthorized() {
        assertThatThrownBy(() -> loader("other").load(world())).hasMessage("ingress responded with HTTP status 401");
    }

    private static World world() {
        var json =
                "{\"tokens\":{},\"guilds\":[{\"id\":\"1\"}],\"events\":[{\"t\":\"A\",\"d\":{}},{\"t\":\"B\",\"d\":{}}]}";
        return World.parse("w.json", json.getBytes(StandardCharsets.UTF_8));
    }

    private WorldLoader loader(String token) {
        var url = URI.create("http://127.0.0.1:" + ingress.getAddress().getPort() + "/events");
        return new WorldLoader(new HttpIngressClient(url, token));
    }
}
