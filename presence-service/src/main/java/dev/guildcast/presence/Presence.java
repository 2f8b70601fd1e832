package dev.guildcast.presence;

import com.google.protobuf.ByteString;
import dev.guildcast.presence.v1.UserPresence;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The one presence of a user that others are shown.
///
/// @param status never invisible
/// @param clientStatus status of each client where the user is seen
public record Presence(Status status, List<Activity> activities, SortedMap<String, Status> clientStatus) {
    public static final Presence OFFLINE = new Presence(Status.OFFLINE, List.of(), new TreeMap<>());

    public Presence {
        activities = List.copyOf(activities);
    }

    /// Whether a viewer would notice no difference.
    public boolean looksLike(Presence other) {
        return status == other.status
                && clientStatus.equals(other.clientStatus)
                && cores(activities).equals(cores(other.activities));
    }

    /// The `d` of PRESENCE_UPDATE for one guild.
    public String updateJson(long userId, long guildId) {
        return "{\"user\":{\"id\":\"" + Long.toUnsignedString(userId) + "\"},\"guild_id\":\""
                + Long.toUnsignedString(guildId) + "\",\"status\":\"" + status.shown() + "\",\"activities\":["
                + activities.stream().map(Activity::json).collect(Collectors.joining(","))
                + "],\"client_status\":{"
                + clientStatus.entrySet().stream()
                        .map(e -> "\"" + e.getKey() + "\":\"" + e.getValue().shown() + "\"")
                        .collect(Collectors.joining(","))
                + "}}";
    }

    public UserPresence toProto(long userId, long version) {
        var proto = UserPresence.newBuilder()
                .setUserId(userId)
                .setStatus(status.shown())
                .setVersion(version);
        activities.forEach(activity -> proto.addActivities(ByteString.copyFromUtf8(activity.json())));
        clientStatus.forEach((client, shown) -> proto.putClientStatus(client, shown.shown()));
        return proto.build();
    }

    public static Presence of(UserPresence proto) {
        var clients = new TreeMap<String, Status>();
        proto.getClientStatusMap().forEach((client, shown) -> clients.put(client, Status.of(shown)));
        return new Presence(
                Status.of(proto.getStatus()),
                proto.getActivitiesList().stream()
                        .flatMap(json -> Activity.stamped(json.toStringUtf8()).stream())
                        .toList(),
                clients);
    }

    private static List<String> cores(List<Activity> activities) {
        return activities.stream().map(Activity::core).toList();
    }
}
