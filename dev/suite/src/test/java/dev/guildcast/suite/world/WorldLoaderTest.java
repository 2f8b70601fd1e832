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
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WorldLoaderTest {
    private final List<String> bodies = new ArrayList<>();
    private final List<String> progress = new ArrayList<>();
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
        assertThat(bodies.getFirst().lines()).singleElement().asString().contains("GUILD_CREATE");
        assertThat(bodies.getLast().lines()).hasSize(2).allMatch(line -> line.contains("\"publisher\":\"world\""));
    }

    @Test
    void reportsRejectedEvents() throws IOException {
        responseBody = "{\"accepted\":0,\"refused\":[{\"index\":0,\"field\":\"d.id\",\"reason\":\"is missing\"}]}";
        assertThat(loader("secret").load(world()))
                .containsExactly("guilds[0] d.id was rejected: is missing", "events[0] d.id was rejected: is missing");
    }

    /// The launcher has a heap of 64 MB, and so do the tests of its script; a tree of these members takes more.
    @Test
    void sendsALargeGuildAsItStandsAndReportsItsMembers() throws IOException {
        int members = 5_000;
        var guild = LargeWorlds.guild("1", members);
        var world = World.parse(
                "w.json", ("{\"tokens\":{},\n\"guilds\":[\n" + guild + "\n]}").getBytes(StandardCharsets.UTF_8));
        assertThat(loader("secret").load(world)).isEmpty();
        assertThat(bodies.getFirst())
                .isEqualTo("{\"t\":\"GUILD_CREATE\",\"d\":" + guild.replace('\n', ' ')
                        + ",\"publisher\":\"world\",\"sequence\":1}\n");
        assertThat(progress)
                .containsExactly(
                        "loaded 0 of 5000 members; loading guild 1 of 1, Large: 5000 members, "
                                + String.format(Locale.ROOT, "%.1f MB", guild.length() / 1e6),
                        "loaded all 5000 members of 1 guilds");
    }

    @Test
    void failsWhenUnauthorized() throws IOException {
        assertThatThrownBy(() -> loader("other").load(world())).hasMessage("ingress responded with HTTP status 401");
    }

    private static World world() throws IOException {
        var json =
                "{\"tokens\":{},\"guilds\":[{\"id\":\"1\"}],\"events\":[{\"t\":\"A\",\"d\":{}},{\"t\":\"B\",\"d\":{}}]}";
        return World.parse("w.json", json.getBytes(StandardCharsets.UTF_8));
    }

    private WorldLoader loader(String token) {
        var url = URI.create("http://127.0.0.1:" + ingress.getAddress().getPort() + "/events");
        return new WorldLoader(new HttpIngressClient(url, token), progress::add);
    }
}
