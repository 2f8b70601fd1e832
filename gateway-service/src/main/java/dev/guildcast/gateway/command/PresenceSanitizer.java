package dev.guildcast.gateway.command;

import com.google.protobuf.ByteString;
import dev.guildcast.delivery.v1.Presence;
import dev.guildcast.gateway.protocol.Payload;
import java.util.function.LongSupplier;
import tools.jackson.databind.json.JsonMapper;

/// Builds the presence that others are shown from the one that a client sent. Only known fields are passed on, each
/// validated, because other clients' libraries fail on invalid ones.
public final class PresenceSanitizer {
    private static final Payload.PresenceUpdate ONLINE =
            new Payload.PresenceUpdate("online", java.util.List.of(), 0, false);

    private final JsonMapper mapper = new JsonMapper();
    private final LongSupplier wallMillis;

    /// @param wallMillis the wall clock in Unix milliseconds, for `created_at`
    public PresenceSanitizer(LongSupplier wallMillis) {
        this.wallMillis = wallMillis;
    }

    /// The presence of a client that sent none.
    public Presence defaultPresence(String platform) {
        return sanitize(ONLINE, platform);
    }

    /// @param platform desktop, mobile, web or embedded
    public Presence sanitize(Payload.PresenceUpdate update, String platform) {
        var presence = Presence.newBuilder()
                .setStatus(update.status())
                .setSince(update.since())
                .setAfk(update.afk())
                .setClient(platform);
        for (int i = 0; i < update.activities().size(); i++) {
            presence.addActivities(activity(update.activities().get(i), i));
        }
        return presence.build();
    }

    private ByteString activity(Payload.Activity activity, int index) {
        var node = mapper.createObjectNode();
        node.put("name", activity.name());
        node.put("type", activity.type());
        activity.url().ifPresent(it -> node.put("url", it));
        activity.state().ifPresent(it -> node.put("state", it));
        node.put("created_at", wallMillis.getAsLong());
        node.put("id", Integer.toHexString(31 * activity.name().hashCode() + index));
        return ByteString.copyFrom(mapper.writeValueAsBytes(node));
    }
}
