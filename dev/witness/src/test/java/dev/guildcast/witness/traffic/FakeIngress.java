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

/// An ingress that takes everything, or answers what it is told to.
final class FakeIngress implements AutoCloseable {
    record Answer(int status, String body) {}

    final List<JsonNode> posts = new CopyOnWriteArrayList<>();
    final List<String> authorizations = new CopyOnWriteArrayList<>();
    private final Deque<Answer> answers = new ArrayDeque<>();
    private final HttpServer server;

    FakeIngress() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/events", exchange -> {
            JsonNode post = Messages.JSON.readTree(exchange.getRequestBody().readAllBytes());
            posts.add(post);
            authorizations.add(exchange.getRequestHeaders().getFirst("Authorization"));
            Answer answer;
            synchronized (answers) {
                answer = answers.isEmpty()
                        ? new Answer(200, "{\"accepted\":" + post.size() + ",\"refused\":[]}")
                        : answers.poll();
            }
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    /// The next answer that is not given out yet.
    FakeIngress answers(int status, String body) {
        synchronized (answers) {
            answers.add(new Answer(status, body));
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
