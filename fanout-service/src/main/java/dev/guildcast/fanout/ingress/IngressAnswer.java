package dev.guildcast.fanout.ingress;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// What one HTTP request is told of its events, gathered in their order.
///
/// - **Owner:** one request.
/// - **Bound:** [#REFUSED_MAX] refused events; a request with more is ended.
final class IngressAnswer {
    static final int REFUSED_MAX = 1000;
    private static final JsonFactory JSON = new JsonFactory();

    /// How it ended.
    enum End {
        ALL_READ(200),
        MALFORMED(400),
        TOO_LARGE(413),
        /// The log did not take an event, or there was no room for it: the publisher repeats it and what followed.
        UNAVAILABLE(503);

        private final int status;

        End(int status) {
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    private record Refused(int index, String field, String reason) {}

    private final List<Refused> refused = new ArrayList<>();
    private int next;
    private int accepted;
    private End end = End.ALL_READ;
    private @Nullable String error;

    /// @return whether events may follow
    boolean add(Outcome outcome) {
        int index = next++;
        switch (outcome) {
            case Outcome.Accepted ignored -> accepted++;
            case Outcome.Refused wrong -> refused.add(new Refused(index, wrong.field(), wrong.reason()));
            case Outcome.Unavailable away -> {
                next--;
                end(End.UNAVAILABLE, away.reason());
            }
        }
        if (refused.size() > REFUSED_MAX) {
            refused.removeLast();
            next--;
            end(End.MALFORMED, "more than " + REFUSED_MAX + " events are wrong");
        }
        return end == End.ALL_READ;
    }

    /// @return false: nothing may follow
    boolean end(End how, String why) {
        end = how;
        error = why;
        return false;
    }

    End end() {
        return end;
    }

    byte[] json() {
        var out = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeNumberProperty("accepted", accepted);
            json.writeArrayPropertyStart("refused");
            for (var each : refused) {
                json.writeStartObject();
                json.writeNumberProperty("index", each.index());
                json.writeStringProperty("field", each.field());
                json.writeStringProperty("reason", each.reason());
                json.writeEndObject();
            }
            json.writeEndArray();
            if (error != null) {
                json.writeStringProperty("error", error);
                json.writeNumberProperty("unanswered_from", next);
            }
            json.writeEndObject();
        }
        return out.toByteArray();
    }

    /// The body of an answer that is only an error.
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
