package dev.guildcast.witness.traffic;

import dev.guildcast.witness.PublishedEvent.IngressOutcome;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/// Publishes arrays of events over ingress' HTTP endpoint.
final class HttpSender implements EventSender {
    /// A lost response must not stop a publisher for long: it sends the same events again.
    private static final Duration TIMEOUT = Duration.ofSeconds(8);

    private final PublishTarget target;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    HttpSender(PublishTarget target) {
        this.target = target;
    }

    @Override
    public List<IngressOutcome> send(String publisher, List<PlannedEvent> events)
            throws UnacknowledgedException, InterruptedException {
        ArrayNode body = MessageFactory.JSON.createArrayNode();
        events.forEach(event -> body.add(EventJson.of(event, publisher)));
        return readOutcomes(post(body.toString()), events.size());
    }

    /// Publishes one complete guild snapshot and waits until all of it is appended to its log.
    void sendSnapshot(JsonNode guild) throws UnacknowledgedException, InterruptedException {
        ArrayNode body = MessageFactory.JSON.createArrayNode();
        body.addObject().put("t", "GUILD_CREATE").set("d", guild);
        if (readOutcomes(post(body.toString()), 1).getFirst() != IngressOutcome.ACCEPTED) {
            throw new IllegalStateException(
                    "ingress rejected guild " + guild.path("id").asString(""));
        }
    }

    @Override
    public boolean confirmsAppend() {
        return true;
    }

    private HttpResponse<String> post(String body) throws UnacknowledgedException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(target.ingress())
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + target.token())
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UnacknowledgedException(e.toString());
        }
    }

    private static List<IngressOutcome> readOutcomes(HttpResponse<String> response, int size)
            throws UnacknowledgedException {
        int status = response.statusCode();
        if (status >= 500 || status == 429) {
            throw new UnacknowledgedException("HTTP " + status);
        }
        if (status != 200) {
            throw new IllegalStateException("ingress responded with HTTP status " + status + ": " + response.body());
        }
        JsonNode result = MessageFactory.JSON.readTree(response.body());
        var outcomes = new ArrayList<>(Collections.nCopies(size, IngressOutcome.ACCEPTED));
        for (JsonNode rejected : result.path("refused")) {
            outcomes.set(rejected.path("index").asInt(), IngressOutcome.REJECTED);
        }
        if (result.path("accepted").asInt() + result.path("refused").size() != size) {
            throw new IllegalStateException("ingress responded with " + result + " to " + size + " events");
        }
        return outcomes;
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
