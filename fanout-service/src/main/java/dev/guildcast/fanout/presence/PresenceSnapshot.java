package dev.guildcast.fanout.presence;

import dev.guildcast.fanout.json.JsonWriter;
import dev.guildcast.presence.v1.UserPresence;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// A presence as clients see it.
///
/// @param activities JSON array
/// @param clientStatus JSON object
public record PresenceSnapshot(String status, byte[] activities, byte[] clientStatus) {
    private static final JsonFactory JSON = new JsonFactory();
    private static final byte[] EMPTY_ARRAY = JsonWriter.ascii("[]");
    private static final byte[] EMPTY_OBJECT = JsonWriter.ascii("{}");

    /// A presence and the user it belongs to.
    public record OfUser(long user, PresenceSnapshot presence) {}

    boolean offline() {
        return status.equals("offline") || status.equals("invisible");
    }

    /// Writes the object of a `presences` array.
    public void writeTo(JsonWriter out, long user) {
        out.open('{')
                .name("user")
                .open('{')
                .name("id")
                .id(user)
                .close('}')
                .name("status")
                .string(status)
                .name("activities")
                .raw(activities)
                .name("client_status")
                .raw(clientStatus)
                .close('}');
    }

    static PresenceSnapshot of(UserPresence presence) {
        var activities = new JsonWriter().open('[');
        presence.getActivitiesList().forEach(each -> activities.raw(each.toByteArray()));
        var clients = new JsonWriter().open('{');
        presence.getClientStatusMap().entrySet().stream()
                .sorted(java.util.Map.Entry.comparingByKey())
                .forEach(each -> clients.name(each.getKey()).string(each.getValue()));
        return new PresenceSnapshot(
                presence.getStatus(),
                activities.close(']').toBytes(),
                clients.close('}').toBytes());
    }

    /// Parses the `d` of a PRESENCE_UPDATE; null if it is malformed.
    public static @Nullable OfUser parse(byte[] payload) {
        String status = "offline";
        byte[] activities = EMPTY_ARRAY;
        byte[] clients = EMPTY_OBJECT;
        long user = 0;
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), payload)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String field = parser.currentName();
                JsonToken value = parser.nextToken();
                if (field.equals("status") && value == JsonToken.VALUE_STRING) {
                    status = parser.getString();
                } else if (field.equals("user") && value == JsonToken.START_OBJECT) {
                    user = userId(parser);
                } else if (field.equals("activities") && value == JsonToken.START_ARRAY) {
                    activities = slice(parser, payload);
                } else if (field.equals("client_status") && value == JsonToken.START_OBJECT) {
                    clients = slice(parser, payload);
                } else {
                    parser.skipChildren();
                }
            }
        } catch (JacksonException | NumberFormatException malformed) {
            return null;
        }
        return user == 0 ? null : new OfUser(user, new PresenceSnapshot(status, activities, clients));
    }

    private static long userId(JsonParser parser) {
        long id = 0;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            boolean wanted = parser.currentName().equals("id");
            parser.nextToken();
            if (wanted) {
                id = Long.parseUnsignedLong(parser.getString());
            } else {
                parser.skipChildren();
            }
        }
        return id;
    }

    private static byte[] slice(JsonParser parser, byte[] payload) {
        int start = (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        return Arrays.copyOfRange(payload, start, (int) parser.currentLocation().getByteOffset());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PresenceSnapshot that
                && status.equals(that.status)
                && Arrays.equals(activities, that.activities)
                && Arrays.equals(clientStatus, that.clientStatus);
    }

    @Override
    public int hashCode() {
        return status.hashCode() * 31 + Arrays.hashCode(activities);
    }
}
