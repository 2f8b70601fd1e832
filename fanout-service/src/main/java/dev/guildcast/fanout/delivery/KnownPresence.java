package dev.guildcast.fanout.delivery;

import dev.guildcast.fanout.event.JsonText;
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
public record KnownPresence(String status, byte[] activities, byte[] clientStatus) {
    private static final JsonFactory JSON = new JsonFactory();
    private static final byte[] EMPTY_ARRAY = JsonText.ascii("[]");
    private static final byte[] EMPTY_OBJECT = JsonText.ascii("{}");

    /// A presence and whose it is.
    public record OfUser(long user, KnownPresence presence) {}

    public boolean offline() {
        return status.equals("offline") || status.equals("invisible");
    }

    /// Writes the object of a `presences` array.
    public void writeTo(JsonText out, long user) {
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

    static KnownPresence of(UserPresence known) {
        var activities = new JsonText().open('[');
        known.getActivitiesList().forEach(each -> activities.raw(each.toByteArray()));
        var clients = new JsonText().open('{');
        known.getClientStatusMap().entrySet().stream()
                .sorted(java.util.Map.Entry.comparingByKey())
                .forEach(each -> clients.name(each.getKey()).string(each.getValue()));
        return new KnownPresence(
                known.getStatus(),
                activities.close(']').toBytes(),
                clients.close('}').toBytes());
    }

    /// Reads the `d` of a PRESENCE_UPDATE; null if it is none.
    public static @Nullable OfUser read(byte[] payload) {
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
        return user == 0 ? null : new OfUser(user, new KnownPresence(status, activities, clients));
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
        return other instanceof KnownPresence that
                && status.equals(that.status)
                && Arrays.equals(activities, that.activities)
                && Arrays.equals(clientStatus, that.clientStatus);
    }

    @Override
    public int hashCode() {
        return status.hashCode() * 31 + Arrays.hashCode(activities);
    }
}
