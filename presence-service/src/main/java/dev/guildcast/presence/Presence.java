package dev.guildcast.presence;

import com.google.protobuf.ByteString;
import dev.guildcast.presence.v1.UserPresence;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The presence of a user as other users see it, merged from all sessions.
///
/// @param status never invisible
/// @param clientStatus status by client, of clients with a visible session
public record Presence(Status status, List<Activity> activities, SortedMap<String, Status> clientStatus) {
    public static final Presence OFFLINE = new Presence(Status.OFFLINE, List.of(), new TreeMap<>());

    public Presence {
        activities = List.copyOf(activities);
    }

    /// Whether another user would see no difference.
    public boolean isVisiblySameAs(Presence other) {
        return status == other.status
                && clientStatus.equals(other.clientStatus)
                && cores(activities).equals(cores(other.activities));
    }

    /// The `d` of PRESENCE_UPDATE for one guild.
    public String updateJson(long userId, long guildId) {
        return "{\"user\":{\"id\":\"" + Long.toUnsignedString(userId) + "\"},\"guild_id\":\""
                + Long.toUnsignedString(guildId) + "\",\"status\":\"" + status.publicText() + "\",\"activities\":["
                + activities.stream().map(Activity::toJson).collect(Collectors.joining(","))
                + "],\"client_status\":{"
                + clientStatus.entrySet().stream()
                        .map(e -> "\"" + e.getKey() + "\":\"" + e.getValue().publicText() + "\"")
                        .collect(Collectors.joining(","))
                + "}}";
    }

    public UserPresence toProto(long userId, long version) {
        var proto = UserPresence.newBuilder()
                .setUserId(userId)
                .setStatus(status.publicText())
                .setVersion(version);
        activities.forEach(activity -> proto.addActivities(ByteString.copyFromUtf8(activity.toJson())));
        clientStatus.forEach((client, shown) -> proto.putClientStatus(client, shown.publicText()));
        return proto.build();
    }

    public static Presence fromProto(UserPresence proto) {
        var clients = new TreeMap<String, Status>();
        proto.getClientStatusMap().forEach((client, shown) -> clients.put(client, Status.parse(shown)));
        return new Presence(
                Status.parse(proto.getStatus()),
                proto.getActivitiesList().stream()
                        .flatMap(json -> Activity.fromJson(json.toStringUtf8()).stream())
                        .toList(),
                clients);
    }

    private static List<String> cores(List<Activity> activities) {
        return activities.stream().map(Activity::core).toList();
    }
}
