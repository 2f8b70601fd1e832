package dev.guildcast.session.dispatch;

import com.google.protobuf.ByteString;
import dev.guildcast.session.Session;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// The `d` of READY.
///
/// Arrays that are always empty here are sent nevertheless: some clients fail without `private_channels`, and Discord
/// sends the others.
final class ReadyPayload {
    private static final JsonFactory JSON = new JsonFactory();
    private static final String[] EMPTY_ARRAYS = {
        "private_channels", "relationships", "presences", "guild_join_requests", "geo_ordered_rtc_regions", "_trace"
    };

    private ReadyPayload() {}

    static ByteString of(Session session) {
        var open = session.open();
        var bytes = ByteString.newOutput();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            json.writeNumberProperty("v", open.getVersion());
            json.writeName("user");
            json.writeRawValue(open.getUser().toString(StandardCharsets.UTF_8));
            writeGuilds(json, session.readyGuilds());
            json.writeStringProperty("session_id", session.id().text());
            json.writeStringProperty("session_type", "normal");
            json.writeStringProperty("resume_gateway_url", open.getResumeUrl());
            if (open.hasShardId()) {
                json.writeArrayPropertyStart("shard");
                json.writeNumber(open.getShardId());
                json.writeNumber(open.getShardCount());
                json.writeEndArray();
            }
            if (open.getApplicationId() != 0) {
                json.writeObjectPropertyStart("application");
                json.writeStringProperty("id", Long.toUnsignedString(open.getApplicationId()));
                json.writeNumberProperty("flags", open.getApplicationFlags());
                json.writeEndObject();
            }
            json.writeObjectPropertyStart("user_settings");
            json.writeEndObject();
            for (var name : EMPTY_ARRAYS) {
                json.writeArrayPropertyStart(name);
                json.writeEndArray();
            }
            json.writeEndObject();
        }
        return bytes.toByteString();
    }

    private static void writeGuilds(JsonGenerator json, long[] guilds) {
        json.writeArrayPropertyStart("guilds");
        for (long guild : guilds) {
            json.writeStartObject();
            json.writeStringProperty("id", Long.toUnsignedString(guild));
            json.writeBooleanProperty("unavailable", true);
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
