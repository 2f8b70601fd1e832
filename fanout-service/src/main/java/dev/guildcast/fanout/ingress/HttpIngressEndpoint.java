package dev.guildcast.fanout.ingress;

import dev.guildcast.contract.catalogue.EventCatalogue;
import dev.guildcast.contract.catalogue.PublisherContext;
import dev.guildcast.fanout.ingress.EventFrameDecoder.Form;
import dev.guildcast.fanout.ingress.EventFrameDecoder.Piece;
import dev.guildcast.fanout.publisher.Publisher;
import dev.guildcast.fanout.publisher.Publishers;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.BodyExtractors;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/// `POST /ingress/v1/events`: an array of events, a single event, or one event per line, parsed as they arrive.
///
/// Events are parsed on the scheduler's threads, never on the event loop. One request holds at most `outstandingMax`
/// events that wait for their append, and one that is being received.
final class HttpIngressEndpoint {
    static final String PATH = "/ingress/v1/events";

    private static final Logger log = LoggerFactory.getLogger(HttpIngressEndpoint.class);
    private static final MediaType NDJSON = MediaType.parseMediaType("application/x-ndjson");
    private static final MediaType NDJSON_ALIAS = MediaType.parseMediaType("application/ndjson");
    /// Before a publisher repeats a request: a full limit drains in less, a partition without a leader gets one in a
    /// few such periods.
    private static final String RETRY_AFTER_SECONDS = "2";

    private final EventIngress ingress;
    private final Publishers publishers;
    private final InFlightLimit inFlight;
    private final IngressCounters counters;
    private final IngressProperties.Http properties;
    private final Scheduler readers;

    HttpIngressEndpoint(
            EventIngress ingress,
            Publishers publishers,
            InFlightLimit inFlight,
            IngressCounters counters,
            IngressProperties.Http properties,
            Scheduler readers) {
        this.ingress = ingress;
        this.publishers = publishers;
        this.inFlight = inFlight;
        this.counters = counters;
        this.properties = properties;
        this.readers = readers;
    }

    RouterFunction<ServerResponse> routes() {
        return RouterFunctions.route(RequestPredicates.POST(PATH), this::publish)
                .andRoute(RequestPredicates.path(PATH), request -> error(HttpStatus.METHOD_NOT_ALLOWED, "POST only"))
                .andRoute(RequestPredicates.all(), request -> error(HttpStatus.NOT_FOUND, "no such path"));
    }

    private Mono<ServerResponse> publish(ServerRequest request) {
        var publisher = publishers.authenticate(request.headers().firstHeader(HttpHeaders.AUTHORIZATION));
        if (publisher.isEmpty()) {
            counters.onUnauthenticated(Transport.HTTP);
            return error(HttpStatus.UNAUTHORIZED, "no publisher has this token");
        }
        var form = form(request);
        if (form.isEmpty()) {
            return error(
                    HttpStatus.UNSUPPORTED_MEDIA_TYPE, "content-type must be application/json or application/x-ndjson");
        }
        if (isEncoded(request)) {
            // A decoded size cannot be bounded by Content-Length, and a body read as it came would be called malformed.
            return error(
                    HttpStatus.UNSUPPORTED_MEDIA_TYPE, "content-encoding is not supported: send the body uncompressed");
        }
        if (request.headers().contentLength().orElse(0)
                > properties.requestBytesMax().toBytes()) {
            return error(
                    HttpStatus.CONTENT_TOO_LARGE,
                    "larger than " + properties.requestBytesMax().toBytes() + " bytes");
        }
        return publish(request, form.get(), publisher.get());
    }

    private Mono<ServerResponse> publish(ServerRequest request, Form form, Publisher publisher) {
        var splitter = new EventFrameDecoder(
                form, inFlight, properties.requestBytesMax().toBytes());
        var events = ingress.stream(Transport.HTTP);
        var result = new HttpPublishResult();
        return request.body(BodyExtractors.toDataBuffers())
                .concatMapIterable(buffer -> splitter.feed(bytes(buffer)), 1)
                .concatWith(Flux.defer(() -> Flux.fromIterable(splitter.end())))
                .publishOn(readers, 1)
                .flatMapSequential(piece -> step(piece, events, publisher), properties.outstandingMax(), 1)
                .takeWhile(step -> step.test(result))
                .doOnDiscard(DataBuffer.class, DataBufferUtils::release)
                .then(Mono.defer(() -> respond(result)))
                .onErrorResume(failure -> {
                    log.error("publish request failed by a bug, answered 500", failure);
                    return error(HttpStatus.INTERNAL_SERVER_ERROR, "internal error");
                })
                .doFinally(signal -> splitter.close());
    }

    /// What a piece adds to the result, in order; false when nothing may follow.
    private Mono<Predicate<HttpPublishResult>> step(Piece piece, EventStream events, Publisher publisher) {
        var context = PublisherContext.authenticatedAs(publisher.name());
        return switch (piece) {
            // An append is never cancelled, whatever becomes of the request.
            case Piece.Event event ->
                Mono.fromFuture(() -> events.publish(event.text(), context, publisher), true)
                        .map(outcome -> result -> result.add(outcome));
            case Piece.OversizedEvent ignored -> {
                var rejected = events.reject("larger than " + EventCatalogue.DOCUMENT_BYTES_MAX + " bytes");
                yield Mono.just(result -> result.add(rejected));
            }
            case Piece.Stop stop -> Mono.just(result -> result.end(end(stop.stopReason()), stop.detail()));
        };
    }

    private static HttpPublishResult.RequestEnd end(EventFrameDecoder.StopReason why) {
        return switch (why) {
            case MALFORMED -> HttpPublishResult.RequestEnd.MALFORMED;
            case TOO_LARGE -> HttpPublishResult.RequestEnd.TOO_LARGE;
            case BUSY -> HttpPublishResult.RequestEnd.UNAVAILABLE;
        };
    }

    private static byte[] bytes(DataBuffer buffer) {
        try {
            var bytes = new byte[buffer.readableByteCount()];
            buffer.read(bytes);
            return bytes;
        } finally {
            DataBufferUtils.release(buffer);
        }
    }

    private static Optional<Form> form(ServerRequest request) {
        MediaType type;
        try {
            type = request.headers().contentType().orElse(MediaType.APPLICATION_OCTET_STREAM);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        if (MediaType.APPLICATION_JSON.equalsTypeAndSubtype(type)) {
            return Optional.of(Form.ARRAY);
        }
        return NDJSON.equalsTypeAndSubtype(type) || NDJSON_ALIAS.equalsTypeAndSubtype(type)
                ? Optional.of(Form.LINES)
                : Optional.empty();
    }

    private static boolean isEncoded(ServerRequest request) {
        return request.headers().header(HttpHeaders.CONTENT_ENCODING).stream()
                .flatMap(value -> Arrays.stream(value.split(",")))
                .anyMatch(coding -> !coding.isBlank() && !coding.strip().equalsIgnoreCase("identity"));
    }

    private static Mono<ServerResponse> respond(HttpPublishResult result) {
        var response = ServerResponse.status(result.end().status()).contentType(MediaType.APPLICATION_JSON);
        if (result.end() == HttpPublishResult.RequestEnd.UNAVAILABLE) {
            response.header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        if (result.end() == HttpPublishResult.RequestEnd.LIMITED) {
            response.header(HttpHeaders.RETRY_AFTER, Long.toString(result.retrySeconds()));
        }
        return response.bodyValue(result.json());
    }

    private static Mono<ServerResponse> error(HttpStatus status, String reason) {
        var response = ServerResponse.status(status).contentType(MediaType.APPLICATION_JSON);
        if (status == HttpStatus.UNAUTHORIZED) {
            response.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        }
        if (status == HttpStatus.METHOD_NOT_ALLOWED) {
            response.allow(HttpMethod.POST);
        }
        return response.bodyValue(HttpPublishResult.error(reason));
    }
}
