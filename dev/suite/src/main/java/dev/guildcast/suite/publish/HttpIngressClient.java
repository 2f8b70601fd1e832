package dev.guildcast.suite.publish;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Publishes events to ingress over HTTP.
///
/// - **Bound:** one request at a time, with the events of one call.
public final class HttpIngressClient {
    /// The result of one request.
    ///
    /// @param accepted how many events were appended
    /// @param rejected the rejected ones
    /// @param body the response body
    public record PublishResult(int accepted, List<EventRejection> rejected, JsonNode body) {
        public PublishResult {
            rejected = List.copyOf(rejected);
        }
    }

    /// An event that was rejected.
    ///
    /// @param index in the request, from 0
    /// @param field the invalid field; empty for the whole event
    public record EventRejection(int index, String field, String reason) {}

    private static final JsonMapper MAPPER = new JsonMapper();
    /// A loopback connect takes longer only while the listener is overloaded.
    private static final int CONNECT_TIMEOUT_MILLIS = 5_000;
    /// Longer than the move of a shard to another owner, during which its events wait.
    private static final int READ_TIMEOUT_MILLIS = 60_000;

    /// A few hundred events of ordinary size.
    private static final int BUFFER_BYTES = 64 * 1024;

    private final URI ingress;
    private final String token;

    public HttpIngressClient(URI ingress, String token) {
        this.ingress = ingress;
        this.token = token;
    }

    /// Publishes events and returns when they are appended.
    ///
    /// @param lines one event as JSON per line
    /// @throws IOException if ingress does not respond, or rejects the whole request
    public PublishResult publish(List<String> lines) throws IOException {
        return publishAll(lines.stream().map(EventBody::of).toList());
    }

    /// As [#publish], without holding the events in memory.
    ///
    /// @throws IOException if ingress does not respond, or rejects the whole request
    public PublishResult publishAll(List<? extends EventBody> events) throws IOException {
        long bytes = events.stream().mapToLong(event -> event.bytes() + 1).sum();
        var connection = (HttpURLConnection) ingress.toURL().openConnection();
        connection.setConnectTimeout(CONNECT_TIMEOUT_MILLIS);
        connection.setReadTimeout(READ_TIMEOUT_MILLIS);
        connection.setDoOutput(true);
        connection.setFixedLengthStreamingMode(bytes);
        connection.setRequestProperty("Authorization", "Bearer " + token);
        connection.setRequestProperty("Content-Type", "application/x-ndjson");
        try (var out = new BufferedOutputStream(connection.getOutputStream(), BUFFER_BYTES)) {
            for (var event : events) {
                event.writeTo(out);
                out.write('\n');
            }
        }
        int status = connection.getResponseCode();
        if (status != HttpURLConnection.HTTP_OK) {
            connection.disconnect();
            throw new IOException("ingress responded with HTTP status " + status);
        }
        // Reading the body to its end lets the next request reuse the connection.
        try (var response = connection.getInputStream()) {
            return parseResult(MAPPER.readTree(response.readAllBytes()));
        }
    }

    private static PublishResult parseResult(JsonNode body) {
        var rejected = new ArrayList<EventRejection>();
        for (var one : body.path("refused")) {
            rejected.add(new EventRejection(
                    one.path("index").asInt(),
                    one.path("field").asString(""),
                    one.path("reason").asString("")));
        }
        return new PublishResult(body.path("accepted").asInt(), rejected, body);
    }
}
