package dev.guildcast.witness.traffic;

import dev.guildcast.witness.Publication.Outcome;
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

/// Posts arrays of events to the HTTP ingress.
final class HttpSender implements EventSender {
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
    public List<Outcome> send(String publisher, List<PlannedEvent> events) throws Unanswered, InterruptedException {
        ArrayNode body = Messages.JSON.createArrayNode();
        events.forEach(event -> body.add(EventText.of(event, publisher)));
        return read(post(body.toString()), events.size());
    }

    /// Publishes one whole guild document and waits until all of it stands in its log.
    void sendDocument(JsonNode guild) throws Unanswered, InterruptedException {
        ArrayNode body = Messages.JSON.createArrayNode();
        body.addObject().put("t", "GUILD_CREATE").set("d", guild);
        if (read(post(body.toString()), 1).getFirst() != Outcome.ACCEPTED) {
            throw new IllegalStateException(
                    "the ingress refuses guild " + guild.path("id").asString(""));
        }
    }

    @Override
    public boolean answersFromItsLog() {
        return true;
    }

    private HttpResponse<String> post(String body) throws Unanswered, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(target.ingress())
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + target.token())
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new Unanswered(e.toString());
        }
    }

    private static List<Outcome> read(HttpResponse<String> response, int size) throws Unanswered {
        int status = response.statusCode();
        if (status >= 500 || status == 429) {
            throw new Unanswered("HTTP " + status);
        }
        if (status != 200) {
            throw new IllegalStateException("the ingress answers HTTP " + status + ": " + response.body());
        }
        JsonNode answer = Messages.JSON.readTree(response.body());
        var outcomes = new ArrayList<>(Collections.nCopies(size, Outcome.ACCEPTED));
        for (JsonNode refused : answer.path("refused")) {
            outcomes.set(refused.path("index").asInt(), Outcome.REFUSED);
        }
        if (answer.path("accepted").asInt() + answer.path("refused").size() != size) {
            throw new IllegalStateException("the ingress answers " + answer + " to " + size + " events");
        }
        return outcomes;
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
