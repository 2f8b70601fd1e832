package dev.guildcast.session.attach;

import com.google.protobuf.ByteString;
import dev.guildcast.delivery.v1.RequestMembers;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// Encodes the `d` of RATE_LIMITED.
final class RateLimitedPayload {
    private static final JsonFactory JSON = new JsonFactory();
    /// Request Guild Members, the only command that is limited so.
    private static final int REQUEST_GUILD_MEMBERS_OPCODE = 8;
    private static final double MILLIS_PER_SECOND = 1000.0;

    private RateLimitedPayload() {}

    static ByteString data(RequestMembers request, long waitMillis) {
        var bytes = ByteString.newOutput();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            json.writeNumberProperty("opcode", REQUEST_GUILD_MEMBERS_OPCODE);
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
