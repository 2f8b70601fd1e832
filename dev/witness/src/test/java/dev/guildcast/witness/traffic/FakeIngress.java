package dev.guildcast.witness.traffic;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;

/// An ingress that accepts everything, unless a response is stubbed.
final class FakeIngress implements AutoCloseable {
    record StubbedResponse(int status, String body) {}

    final List<JsonNode> posts = new CopyOnWriteArrayList<>();
    final List<String> authorizations = new CopyOnWriteArrayList<>();
    private final Deque<StubbedResponse> responses = new ArrayDeque<>();
    private final HttpServer server;

    FakeIngress() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/events", exchange -> {
            JsonNode post =
                    MessageFactory.JSON.readTree(exchange.getRequestBody().readAllBytes());
            posts.add(post);
            authorizations.add(exchange.getRequestHeaders().getFirst("Authorization"));
            StubbedResponse response;
            synchronized (responses) {
                response = responses.isEmpty()
                        ? new StubbedResponse(200, "{\"accepted\":" + post.size() + ",\"refused\":[]}")
                        : responses.poll();
            }
            byte[] body = response.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(response.status(), body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    /// Adds a response for one of the next requests.
    FakeIngress respondWith(int status, String body) {
        synchronized (responses) {
            responses.add(new StubbedResponse(status, body));
        }
        return this;
    }

    PublishTarget target() {
        URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/events");
        return new PublishTarget(url, "secret", "me", "", "", "run");
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
