package dev.guildcast.presence;

import com.google.protobuf.ByteString;
import java.util.List;

/// What one session says of its user.
///
/// @param session session shard << 48 | offset of the session's Open record
/// @param version offset of the record that set it; higher is newer
/// @param client where the user is: desktop, mobile, web or embedded
public record SessionState(long session, long version, Status status, List<Activity> activities, String client) {
    private static final String BOT_CLIENT = "web";
    private static final List<String> CLIENTS = List.of("desktop", "mobile", "web", "embedded");

    public SessionState {
        activities = List.copyOf(activities);
    }

    /// Cleans what a session host reported.
    ///
    /// @param now Unix milliseconds; becomes the activities' time of creation
    public static SessionState reported(dev.guildcast.presence.v1.SessionPresence report, long now) {
        var presence = report.getPresence();
        return new SessionState(
                report.getSession(),
                report.getVersion(),
                Status.of(presence.getStatus()),
                Activity.clean(
                        texts(presence.getActivitiesList()), now, report.getSession() * 31 + report.getVersion()),
                report.getBot() ? BOT_CLIENT : client(presence.getClient()));
    }

    /// Reads back what [#stored] wrote.
    public static SessionState restored(long session, long version, dev.guildcast.delivery.v1.Presence stored) {
        return new SessionState(
                session,
                version,
                Status.of(stored.getStatus()),
                texts(stored.getActivitiesList()).stream()
                        .flatMap(json -> Activity.stamped(json).stream())
                        .toList(),
                client(stored.getClient()));
    }

    public dev.guildcast.delivery.v1.Presence stored() {
        var stored = dev.guildcast.delivery.v1.Presence.newBuilder()
                .setStatus(status.text())
                .setClient(client);
        activities.forEach(activity -> stored.addActivities(ByteString.copyFromUtf8(activity.json())));
        return stored.build();
    }

    private static String client(String reported) {
        return CLIENTS.contains(reported) ? reported : BOT_CLIENT;
    }

    private static List<String> texts(List<ByteString> utf8) {
        return utf8.stream().map(ByteString::toStringUtf8).toList();
    }
}
