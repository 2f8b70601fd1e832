package dev.guildcast.suite.publish;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Posts events to the ingress.
///
/// - **Bound:** one request at a time, of what the caller gives.
public final class IngressClient {
    /// An answer to one request.
    ///
    /// @param accepted how many events were appended
    /// @param refused the others
    /// @param answer as it came
    public record Answer(int accepted, List<Refused> refused, JsonNode answer) {
        public Answer {
            refused = List.copyOf(refused);
        }
    }

    /// @param index in the request, from 0
    /// @param field what is wrong; empty if it is the whole event
    public record Refused(int index, String field, String reason) {}

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final int CONNECT_TIMEOUT_MILLIS = 5_000;
    private static final int ANSWER_TIMEOUT_MILLIS = 60_000;

    private final URI ingress;
    private final String token;

    public IngressClient(URI ingress, String token) {
        this.ingress = ingress;
        this.token = token;
    }

    /// Posts events and returns when they are appended.
    ///
    /// @param lines each one event as JSON on one line
    /// @throws IOException if the ingress does not answer, or refuses the whole request
    public Answer publish(List<String> lines) throws IOException {
        var body = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
        var connection = (HttpURLConnection) ingress.toURL().openConnection();
        connection.setConnectTimeout(CONNECT_TIMEOUT_MILLIS);
        connection.setReadTimeout(ANSWER_TIMEOUT_MILLIS);
        connection.setDoOutput(true);
        connection.setFixedLengthStreamingMode(body.length);
        connection.setRequestProperty("Authorization", "Bearer " + token);
        connection.setRequestProperty("Content-Type", "application/x-ndjson");
        connection.getOutputStream().write(body);
        int status = connection.getResponseCode();
        if (status != HttpURLConnection.HTTP_OK) {
            connection.disconnect();
            throw new IOException("the ingress answered " + status);
        }
        // Read to its end, the connection serves the next request, too.
        try (var answer = connection.getInputStream()) {
            return answer(MAPPER.readTree(answer.readAllBytes()));
        }
    }

    private static Answer answer(JsonNode answer) {
        var refused = new ArrayList<Refused>();
        for (var one : answer.path("refused")) {
            refused.add(new Refused(
                    one.path("index").asInt(),
                    one.path("field").asString(""),
                    one.path("reason").asString("")));
        }
        return new Answer(answer.path("accepted").asInt(), refused, answer);
    }
}
