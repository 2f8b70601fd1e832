package dev.guildcast.fanout.ingress;

import static dev.guildcast.fanout.ingress.IngressFixture.document;
import static dev.guildcast.fanout.ingress.IngressFixture.message;
import static dev.guildcast.fanout.ingress.IngressFixture.wrong;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

class HttpIngressEndpointTest {
    private static final String JSON = "application/json";
    private static final String LINES = "application/x-ndjson";

    private final IngressFixture fixture = new IngressFixture();
    private final Scheduler readers = Schedulers.newBoundedElastic(2, 100, "test-readers");
    private final IngressProperties.Http properties =
            new IngressProperties.Http(0, "127.0.0.1", 8, DataSize.ofMegabytes(2), Duration.ofSeconds(30));
    private final HttpIngressServer server = new HttpIngressServer(
            new HttpIngressEndpoint(
                    fixture.ingress, fixture.publishers, fixture.inFlight, fixture.counters, properties, readers),
            properties,
            null);
    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeEach
    void start() {
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop();
        client.close();
        readers.dispose();
        assertThat(fixture.inFlight.bytes()).isZero();
    }

    private HttpRequest.Builder request(String contentType) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/ingress/v1/events"))
                .header("Authorization", "Bearer s3cret")
                .header("Content-Type", contentType);
    }

    private HttpResponse<String> post(String contentType, String body) throws IOException, InterruptedException {
        return send(request(contentType)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static void assertAnswer(HttpResponse<String> response, int status, String body) {
        assertThat(response.body()).isEqualTo(body);
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).contains(JSON);
    }

    @Test
    void eventsAreAcceptedAndInvalidOnesNamedByIndex() throws Exception {
        var response = post(JSON, "[" + message(1) + "," + wrong() + ",5," + message(2) + "]");
        assertAnswer(
                response,
                200,
                "{\"accepted\":2,\"refused\":[{\"index\":1,\"field\":\"d.author\",\"reason\":\"is missing\"},"
                        + "{\"index\":2,\"field\":\"\",\"reason\":\"must be a JSON object\"}]}");
        assertThat(fixture.log.size()).isEqualTo(2);
    }

    @Test
    void aSequenceAboveTheBoundIsRefusedWithItsField() throws Exception {
        assertAnswer(
                post(JSON, IngressFixture.message(1, 1L << 53)),
                200,
                "{\"accepted\":0,\"refused\":[{\"index\":0,\"field\":\"sequence\","
                        + "\"reason\":\"is 9007199254740992 (at most 9007199254740991)\"}]}");
        assertThat(fixture.log.size()).isZero();
    }

    @Test
    void whatAPublisherMayNotPublishIsRefusedWithItsField() throws Exception {
        fixture.shop("\"guilds\": [\"7\"]");
        var response = post(JSON, "[" + message(1) + "]");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body())
                .contains("\"accepted\":0", "\"index\":0", "\"field\":\"d.guild_id\"", "may not publish for guild");
        assertThat(fixture.log.size()).isZero();
        assertThat(fixture.counted("guildcast.ingress.forbidden", "field", "d.guild_id"))
                .isEqualTo(1);
    }

    @Test
    void aboveItsQuotaAPublisherIsAnswered429AndWhen() throws Exception {
        fixture.shop("\"events_per_second\": 2");
        var response = post(JSON, "[" + message(1) + "," + message(2) + "," + message(3) + "," + message(4) + "]");
        assertThat(response.statusCode()).isEqualTo(429);
        assertThat(response.headers().firstValue("Retry-After")).contains("1");
        assertThat(response.body())
                .startsWith("{\"accepted\":2,\"refused\":[],\"error\":\"above this publisher's 2 events/s\"")
                .contains("\"unanswered_from\":2");
        assertThat(fixture.log.size()).isEqualTo(2);
        assertThat(fixture.counted("guildcast.ingress.limited", "limit", "events"))
                .isEqualTo(1);
        assertThat(fixture.counted(Transport.HTTP, "limited")).isEqualTo(1);
    }

    @Test
    void onePublisherLeavesRoomForOthers() throws Exception {
        fixture.shop("\"in_flight\": 2");
        fixture.log.hold();
        var request = request(JSON)
                .POST(HttpRequest.BodyPublishers.ofString("[" + message(1) + "," + message(2) + "," + message(3) + "]"))
                .build();
        var response = client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
        org.awaitility.Awaitility.await().until(() -> fixture.log.size() == 2);
        assertThat(fixture.inFlight.events()).isEqualTo(2);
        fixture.log.acknowledge(0);
        fixture.log.acknowledge(1);
        assertThat(response.get(20, java.util.concurrent.TimeUnit.SECONDS).statusCode())
                .isEqualTo(429);
        assertThat(fixture.counted("guildcast.ingress.limited", "limit", "in_flight"))
                .isEqualTo(1);
    }

    @Test
    void aRevokedTokenIsRefusedAtOnce() throws Exception {
        assertThat(post(JSON, message(1)).statusCode()).isEqualTo(200);
        fixture.publishers.replace(java.util.Map.of());
        assertThat(post(JSON, message(2)).statusCode()).isEqualTo(401);
    }

    @Test
    void eventsMayComeOneALine() throws Exception {
        var response = post(LINES, message(1) + "\n{\"t\":\n\n" + message(2) + "\n");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).startsWith("{\"accepted\":2,\"refused\":[{\"index\":1,");
        assertThat(post("application/ndjson; charset=utf-8", message(3)).body())
                .isEqualTo("{\"accepted\":1,\"refused\":[]}");
    }

    @Test
    void oneEventNeedsNoArray() throws Exception {
        assertAnswer(post(JSON, message(1)), 200, "{\"accepted\":1,\"refused\":[]}");
        assertAnswer(post(JSON, "[]"), 200, "{\"accepted\":0,\"refused\":[]}");
    }

    @Test
    void eventsAreAppendedInTheirOrder() throws Exception {
        var body = IntStream.rangeClosed(1, 300)
                .mapToObj(IngressFixture::message)
                .collect(Collectors.joining(",", "[", "]"));
        assertAnswer(post(JSON, body), 200, "{\"accepted\":300,\"refused\":[]}");
        assertThat(fixture.log.entries().stream()
                        .map(entry -> entry.guild().getEvent().getPayload().toStringUtf8()))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 300)
                        .mapToObj(n -> message(n).substring("{\"t\":\"MESSAGE_CREATE\",\"d\":".length()))
                        .map(text -> text.substring(0, text.length() - 1))
                        .toList());
    }

    @Test
    void theAnswerWaitsForTheAppendsAndTheirNumberIsBounded() {
        fixture.log.hold();
        var body =
                IntStream.rangeClosed(1, 20).mapToObj(IngressFixture::message).collect(Collectors.joining("\n"));
        CompletableFuture<HttpResponse<String>> response = client.sendAsync(
                request(LINES).POST(HttpRequest.BodyPublishers.ofString(body)).build(),
                HttpResponse.BodyHandlers.ofString());
        await().until(() -> fixture.log.size() == 8);
        for (int nth = 0; nth < 20; nth++) {
            int expected = nth + 1;
            await().until(() -> fixture.log.size() >= expected);
            assertThat(fixture.log.size()).isLessThanOrEqualTo(nth + 8);
            assertThat(response).isNotDone();
            fixture.log.acknowledge(nth);
        }
        assertAnswer(response.join(), 200, "{\"accepted\":20,\"refused\":[]}");
    }

    @Test
    void aWholeGuildIsOneEvent() throws Exception {
        assertAnswer(post(JSON, "[" + document(2500) + "]"), 200, "{\"accepted\":1,\"refused\":[]}");
        assertThat(fixture.log.entry(fixture.log.size() - 1).guild().hasDocumentEnd())
                .isTrue();
    }

    @Test
    void aBrokenArrayIsAnsweredWithWhatWasWhole() throws Exception {
        var first = message(1);
        assertAnswer(
                post(JSON, "[" + first + "," + wrong() + " " + message(2) + "]"),
                400,
                "{\"accepted\":1,\"refused\":[{\"index\":1,\"field\":\"d.author\",\"reason\":\"is missing\"}],"
                        + "\"error\":\"malformed array at byte "
                        + (first.length() + wrong().length() + 3) + "\",\"unanswered_from\":2}");
        assertThat(fixture.log.size()).isEqualTo(1);
    }

    @Test
    void nobodyPublishesWithoutAToken() throws Exception {
        for (var authorization : new String[] {"Bearer other", "Basic s3cret", "s3cret"}) {
            var response = send(request(JSON)
                    .setHeader("Authorization", authorization)
                    .POST(HttpRequest.BodyPublishers.ofString(message(1)))
                    .build());
            assertAnswer(response, 401, "{\"error\":\"no publisher has this token\"}");
            assertThat(response.headers().firstValue("WWW-Authenticate")).contains("Bearer");
        }
        assertThat(fixture.log.size()).isZero();
        assertThat(fixture.registry
                        .get("guildcast.ingress.unauthenticated")
                        .tag("transport", "http")
                        .counter()
                        .count())
                .isEqualTo(3);
    }

    @Test
    void aPublisherNamesNobodyButItself() throws Exception {
        var event = message(1).replaceFirst("\\{", "{\"publisher\":\"other\",\"sequence\":1,");
        assertThat(post(JSON, event).body())
                .contains("\"field\":\"publisher\"")
                .contains("must be shop, the name of its token, or shop/");
        var own = message(1).replaceFirst("\\{", "{\"publisher\":\"shop/eu\",\"sequence\":1,");
        assertThat(post(JSON, own).body()).contains("\"accepted\":1");
        assertThat(fixture.log.entry(0).guild().getEvent().getPublication().getPublisher())
                .isEqualTo("shop/eu");
    }

    @Test
    void onlyJsonIsTaken() throws Exception {
        for (var type : new String[] {"text/plain", "application/xml", "nonsense"}) {
            assertAnswer(
                    post(type, message(1)),
                    415,
                    "{\"error\":\"content-type must be application/json or application/x-ndjson\"}");
        }
    }

    @Test
    void onlyAnUncompressedBodyIsTaken() throws Exception {
        for (var encoding : new String[] {"gzip", "br", "identity, gzip", "GZIP"}) {
            var encoded = request(JSON)
                    .header("Content-Encoding", encoding)
                    .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[] {0x1f, (byte) 0x8b, 8, 0}))
                    .build();
            assertAnswer(
                    send(encoded),
                    415,
                    "{\"error\":\"content-encoding is not supported: send the body uncompressed\"}");
        }
        var plain = request(JSON)
                .header("Content-Encoding", "identity")
                .POST(HttpRequest.BodyPublishers.ofString(message(1)))
                .build();
        assertThat(send(plain).statusCode()).isEqualTo(200);
    }

    @Test
    void aRequestLargerThanItMayBeIsNotRead() throws Exception {
        var tooLarge = " ".repeat((2 << 20) + 1);
        assertAnswer(post(JSON, tooLarge), 413, "{\"error\":\"larger than 2097152 bytes\"}");
        var unsized = send(request(JSON)
                .POST(HttpRequest.BodyPublishers.ofInputStream(() ->
                        new ByteArrayInputStream(("[" + message(1) + "," + tooLarge).getBytes(StandardCharsets.UTF_8))))
                .build());
        assertAnswer(
                unsized,
                413,
                "{\"accepted\":1,\"refused\":[],\"error\":\"larger than 2097152 bytes\",\"unanswered_from\":1}");
    }

    @Test
    void anUnavailableLogIsReportedAndNothingBehindItAcknowledged() throws Exception {
        fixture.log.failAt(nth -> nth == 2);
        var response = post(
                LINES,
                IntStream.rangeClosed(1, 6).mapToObj(IngressFixture::message).collect(Collectors.joining("\n")));
        assertAnswer(response, 503, "{\"accepted\":2,\"refused\":[],\"error\":\"away\",\"unanswered_from\":2}");
        assertThat(response.headers().firstValue("Retry-After")).contains("2");
        await().until(() -> fixture.inFlight.events() == 0);
    }

    @Test
    void aRequestOfOnlyInvalidEventsIsEnded() throws Exception {
        var response = post(LINES, "5\n".repeat(3000));
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).endsWith("\"error\":\"more than 1000 events are wrong\",\"unanswered_from\":1000}");
    }

    @Test
    void whateverElseIsAskedForIsAnsweredInJson() throws Exception {
        var get = send(request(JSON).GET().build());
        assertAnswer(get, 405, "{\"error\":\"POST only\"}");
        assertThat(get.headers().firstValue("Allow")).contains("POST");
        var elsewhere = send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/"))
                .build());
        assertAnswer(elsewhere, 404, "{\"error\":\"no such path\"}");
    }
}
