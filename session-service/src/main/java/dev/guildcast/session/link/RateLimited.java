package dev.guildcast.session.link;

import com.google.protobuf.ByteString;
import dev.guildcast.delivery.v1.RequestMembers;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// The `d` of RATE_LIMITED.
final class RateLimited {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int OPCODE = 8;
    private static final double MILLIS_PER_SECOND = 1000.0;

    private RateLimited() {}

    static ByteString data(RequestMembers request, long waitMillis) {
        var bytes = ByteString.newOutput();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            json.writeNumberProperty("opcode", OPCODE);
            json.writeNumberProperty("retry_after", waitMillis / MILLIS_PER_SECOND);
            json.writeObjectPropertyStart("meta");
            json.writeStringProperty("guild_id", Long.toUnsignedString(request.getGuildId()));
            if (request.hasClientNonce()) {
                json.writeStringProperty("nonce", request.getClientNonce());
            }
            json.writeEndObject();
            json.writeEndObject();
        }
        return bytes.toByteString();
    }
}
