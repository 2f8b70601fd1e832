package dev.guildcast.gateway.command;

import com.google.protobuf.ByteString;
import dev.guildcast.delivery.v1.Presence;
import dev.guildcast.gateway.protocol.Payload;
import java.util.function.LongSupplier;
import tools.jackson.databind.json.JsonMapper;

/// Makes of what a client says about itself what others may be shown: nothing is passed on as it was sent, because
/// other libraries fail on it.
public final class PresenceCleaner {
    private static final Payload.PresenceUpdate ONLINE =
            new Payload.PresenceUpdate("online", java.util.List.of(), 0, false);

    private final JsonMapper mapper = new JsonMapper();
    private final LongSupplier wallMillis;

    /// @param wallMillis Unix milliseconds, stamped as `created_at`
    public PresenceCleaner(LongSupplier wallMillis) {
        this.wallMillis = wallMillis;
    }

    /// The presence of a client that sent none.
    public Presence online(String client) {
        return clean(ONLINE, client);
    }

    /// @param client desktop, mobile, web or embedded
    public Presence clean(Payload.PresenceUpdate update, String client) {
        var presence = Presence.newBuilder()
                .setStatus(update.status())
                .setSince(update.since())
                .setAfk(update.afk())
                .setClient(client);
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
