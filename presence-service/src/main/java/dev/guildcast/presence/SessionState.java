package dev.guildcast.presence;

import com.google.protobuf.ByteString;
import dev.guildcast.contract.SessionId;
import java.util.List;

/// The presence state that one session reports for its user.
///
/// @param session its [#sessionKey]
/// @param version offset of the record that set it; higher is newer
/// @param client platform of the session: desktop, mobile, web or embedded
public record SessionState(long session, long version, Status status, List<Activity> activities, String client) {
    /// Bits of an offset in a session key; six bytes, as in a session id.
    private static final int OFFSET_BITS = 48;

    private static final String BOT_CLIENT = "web";
    private static final List<String> CLIENTS = List.of("desktop", "mobile", "web", "embedded");

    public SessionState {
        activities = List.copyOf(activities);
    }

    /// The number by which hosts report a session: its shard << 48 | the offset of its Open record.
    public static long sessionKey(SessionId id) {
        return (long) id.shard() << OFFSET_BITS | id.offset();
    }

    /// The state that a session host reported, with its activities sanitized.
    ///
    /// @param now Unix milliseconds; becomes `created_at` of the activities
    public static SessionState fromReport(dev.guildcast.presence.v1.SessionPresence report, long now) {
        var presence = report.getPresence();
        return new SessionState(
                report.getSession(),
                report.getVersion(),
                Status.parse(presence.getStatus()),
                Activity.sanitize(
                        utf8Strings(presence.getActivitiesList()), now, report.getSession() * 31 + report.getVersion()),
                report.getBot() ? BOT_CLIENT : client(presence.getClient()));
    }

    /// Parses what [#toStored] wrote.
    public static SessionState fromStored(long session, long version, dev.guildcast.delivery.v1.Presence stored) {
        return new SessionState(
                session,
                version,
                Status.parse(stored.getStatus()),
                utf8Strings(stored.getActivitiesList()).stream()
                        .flatMap(json -> Activity.fromJson(json).stream())
                        .toList(),
                client(stored.getClient()));
    }

    public dev.guildcast.delivery.v1.Presence toStored() {
        var stored = dev.guildcast.delivery.v1.Presence.newBuilder()
                .setStatus(status.text())
                .setClient(client);
        activities.forEach(activity -> stored.addActivities(ByteString.copyFromUtf8(activity.toJson())));
        return stored.build();
    }

    private static String client(String reported) {
        return CLIENTS.contains(reported) ? reported : BOT_CLIENT;
    }

    private static List<String> utf8Strings(List<ByteString> utf8) {
        return utf8.stream().map(ByteString::toStringUtf8).toList();
    }
}
