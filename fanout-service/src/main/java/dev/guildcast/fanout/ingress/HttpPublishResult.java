package dev.guildcast.fanout.ingress;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// The result of one HTTP request's events, collected in their order.
///
/// - **Owner:** one request.
/// - **Bound:** [#REJECTED_MAX] rejected events; a request with more is ended.
final class HttpPublishResult {
    /// Bounds the response body and what a request of only invalid events costs.
    static final int REJECTED_MAX = 1000;
    private static final JsonFactory JSON = new JsonFactory();

    /// How the request ended, with its HTTP status.
    enum RequestEnd {
        ALL_READ(200),
        MALFORMED(400),
        TOO_LARGE(413),
        /// The log did not acknowledge an event, or a limit was reached: the publisher repeats it and all later ones.
        UNAVAILABLE(503);

        private final int status;

        RequestEnd(int status) {
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    private record RejectedEvent(int index, String field, String reason) {}

    private final List<RejectedEvent> rejected = new ArrayList<>();
    private int nextIndex;
    private int accepted;
    private RequestEnd end = RequestEnd.ALL_READ;
    private @Nullable String error;

    /// @return whether events may follow
    boolean add(PublishOutcome outcome) {
        int index = nextIndex++;
        switch (outcome) {
            case PublishOutcome.Accepted ignored -> accepted++;
            case PublishOutcome.Rejected invalid ->
                rejected.add(new RejectedEvent(index, invalid.field(), invalid.reason()));
            case PublishOutcome.Unavailable unavailable -> {
                nextIndex--;
                end(RequestEnd.UNAVAILABLE, unavailable.reason());
            }
        }
        if (rejected.size() > REJECTED_MAX) {
            rejected.removeLast();
            nextIndex--;
            end(RequestEnd.MALFORMED, "more than " + REJECTED_MAX + " events are wrong");
        }
        return end == RequestEnd.ALL_READ;
    }

    /// @return false: nothing may follow
    boolean end(RequestEnd how, String why) {
        end = how;
        error = why;
        return false;
    }

    RequestEnd end() {
        return end;
    }

    byte[] json() {
        var out = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeNumberProperty("accepted", accepted);
            json.writeArrayPropertyStart("refused");
            for (var each : rejected) {
                json.writeStartObject();
                json.writeNumberProperty("index", each.index());
                json.writeStringProperty("field", each.field());
                json.writeStringProperty("reason", each.reason());
                json.writeEndObject();
            }
            json.writeEndArray();
            if (error != null) {
                json.writeStringProperty("error", error);
                json.writeNumberProperty("unanswered_from", nextIndex);
            }
            json.writeEndObject();
        }
        return out.toByteArray();
    }

    /// The body of a response that is only an error.
    static byte[] error(String reason) {
        var out = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeStringProperty("error", reason);
            json.writeEndObject();
        }
        return out.toByteArray();
    }
}
