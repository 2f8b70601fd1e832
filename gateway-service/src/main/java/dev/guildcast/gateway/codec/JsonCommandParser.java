package dev.guildcast.gateway.codec;

import dev.guildcast.gateway.protocol.Opcode;
import dev.guildcast.gateway.protocol.Payload;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Parses the bodies of ops 3, 4 and 8 as leniently as client libraries need it: ids may be text or numbers, and a
/// request that asks for nothing that could be returned is ignored instead of closing the connection.
final class JsonCommandParser {
    private static final Set<String> STATUSES = Set.of("online", "dnd", "idle", "invisible");
    /// The highest activity type of the protocol; an unknown type is read as 0, because libraries fail on types that
    /// they do not know.
    private static final int ACTIVITY_TYPE_MAX = 6;

    /// The protocol's limit of users in one member request.
    private static final int USER_IDS_MAX = 100;

    /// One command of a user becomes a member request for each guild. It must stay well below
    /// `gateway.link.commands-max` unacknowledged commands (256), or one frame could close its own connection.
    private static final int GUILD_IDS_MAX = 100;

    /// The protocol's limit; a longer nonce is left out of the response.
    private static final int NONCE_BYTES_MAX = 32;

    private JsonCommandParser() {}

    static Payload.PresenceUpdate presence(JsonNode d) {
        var status = d.path("status");
        var knownStatus = status.isString() ? status.stringValue() : "";
        if (knownStatus.equals("offline")) {
            knownStatus = "invisible";
        } else if (!STATUSES.contains(knownStatus)) {
            knownStatus = "online";
        }
        var since = d.path("since");
        var activities = new ArrayList<Payload.Activity>();
        for (var each : d.path("activities")) {
            activity(each).ifPresent(activities::add);
        }
        return new Payload.PresenceUpdate(
                knownStatus,
                List.copyOf(activities),
                since.isIntegralNumber() && since.canConvertToLong() ? Math.max(0, since.longValue()) : 0,
                isTrue(d.path("afk")));
    }

    private static Optional<Payload.Activity> activity(JsonNode node) {
        var name = nonEmptyText(node.path("name"));
        if (name.isEmpty()) {
            return Optional.empty();
        }
        var type = node.path("type");
        boolean known = type.isIntegralNumber()
                && type.canConvertToInt()
                && type.intValue() >= 0
                && type.intValue() <= ACTIVITY_TYPE_MAX;
        return Optional.of(new Payload.Activity(
                name.get(),
                known ? type.intValue() : 0,
                nonEmptyText(node.path("url")),
                nonEmptyText(node.path("state"))));
    }

    static Payload voiceState(JsonNode d) {
        long guildId = snowflake(d.path("guild_id"));
        var channel = d.path("channel_id");
        boolean disconnects = channel.isNull() || channel.isMissingNode();
        long channelId = disconnects ? 0 : snowflake(channel);
        if (guildId == 0 || !disconnects && channelId == 0) {
            return new Payload.Ignored(Opcode.VOICE_STATE_UPDATE);
        }
        return new Payload.VoiceStateUpdate(
                guildId,
                channelId,
                isTrue(d.path("self_mute")),
                isTrue(d.path("self_deaf")),
                isTrue(d.path("self_video")),
                nonEmptyText(d.path("preferred_region")).orElse(""));
    }

    static Payload requestMembers(JsonNode d) {
        var guildIds = new ArrayList<Long>();
        var guild = d.path("guild_id");
        if (guild.isArray()) {
            guild.forEach(each -> guildIds.add(snowflake(each)));
        } else {
            guildIds.add(snowflake(guild));
        }
        var userIds = new ArrayList<String>();
        var users = d.path("user_ids");
        if (users.isArray()) {
            users.forEach(each -> userIds.add(id(each)));
        } else if (!users.isNull() && !users.isMissingNode()) {
            userIds.add(id(users));
        }
        var query = d.path("query");
        var limit = d.path("limit");
        boolean hasCriteria = query.isString() || !userIds.isEmpty();
        if (!hasCriteria
                || guildIds.isEmpty()
                || guildIds.size() > GUILD_IDS_MAX
                || guildIds.contains(0L)
                || userIds.size() > USER_IDS_MAX) {
            return new Payload.Ignored(Opcode.REQUEST_GUILD_MEMBERS);
        }
        return new Payload.RequestMembers(
                List.copyOf(guildIds),
                query.isString() && userIds.isEmpty() ? Optional.of(query.stringValue()) : Optional.empty(),
                limit.isIntegralNumber() && limit.canConvertToInt() ? Math.max(0, limit.intValue()) : 0,
                List.copyOf(userIds),
                isTrue(d.path("presences")),
                nonEmptyText(d.path("nonce"))
                        .filter(it -> it.getBytes(StandardCharsets.UTF_8).length <= NONCE_BYTES_MAX));
    }

    /// An id as the client wrote it, so that the response can list it as not found.
    private static String id(JsonNode node) {
        return node.isString() ? node.stringValue() : node.toString();
    }

    /// The id, or 0 if the node holds none.
    private static long snowflake(JsonNode node) {
        if (node.isIntegralNumber()) {
            return node.canConvertToLong() ? Math.max(0, node.longValue()) : 0;
        }
        if (!node.isString()) {
            return 0;
        }
        try {
            return Long.parseUnsignedLong(node.stringValue());
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static Optional<String> nonEmptyText(JsonNode node) {
        return node.isString() && !node.stringValue().isEmpty() ? Optional.of(node.stringValue()) : Optional.empty();
    }

    private static boolean isTrue(JsonNode node) {
        return node.isBoolean() && node.booleanValue();
    }
}
