package dev.guildcast.witness.traffic;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A guild's entities as in a backend while a plan is generated, and the bodies of the events about them.
///
/// - **Owner:** the thread that generates the plan.
/// - **Bound:** the entities of the world and of the plan.
final class PlannedGuild {
    private static final List<String> GUILD_CREATE_ONLY_FIELDS = List.of(
            "roles",
            "channels",
            "threads",
            "members",
            "voice_states",
            "presences",
            "stage_instances",
            "guild_scheduled_events",
            "soundboard_sounds",
            "joined_at",
            "large",
            "member_count",
            "unavailable");

    final String id;
    final ObjectNode fields;
    final TreeMap<String, ObjectNode> roles = new TreeMap<>();
    final TreeMap<String, ObjectNode> channels = new TreeMap<>();
    final TreeMap<String, ObjectNode> members = new TreeMap<>();
    /// Users who have left and may join again.
    final TreeMap<String, ObjectNode> absent = new TreeMap<>();

    PlannedGuild(ObjectNode snapshot) {
        id = snapshot.path("id").asString("");
        for (JsonNode role : snapshot.path("roles")) {
            roles.put(role.path("id").asString(""), (ObjectNode) role);
        }
        for (JsonNode channel : snapshot.path("channels")) {
            channels.put(channel.path("id").asString(""), (ObjectNode) channel);
        }
        for (JsonNode member : snapshot.path("members")) {
            members.put(member.path("user").path("id").asString(""), (ObjectNode) member);
        }
        fields = snapshot.deepCopy();
        fields.remove(GUILD_CREATE_ONLY_FIELDS);
    }

    List<String> textChannels() {
        var ids = new ArrayList<String>();
        channels.forEach((channel, text) -> {
            if (text.path("type").asInt() == 0) {
                ids.add(channel);
            }
        });
        return ids;
    }

    List<String> rolesBesideEveryone() {
        var ids = new ArrayList<>(roles.keySet());
        ids.remove(id);
        return ids;
    }

    EventDraft guildUpdate() {
        return EventDraft.guild(id, "GUILD_UPDATE", fields.deepCopy());
    }

    EventDraft role(String type, String role) {
        ObjectNode body = newBody();
        body.set("role", roles.getOrDefault(role, newBody()).deepCopy());
        return EventDraft.guild(id, type, body);
    }

    EventDraft roleDelete(String role) {
        roles.remove(role);
        for (ObjectNode member : members.values()) {
            removeValue(member.withArray("roles"), role);
        }
        for (ObjectNode member : absent.values()) {
            removeValue(member.withArray("roles"), role);
        }
        return EventDraft.guild(id, "GUILD_ROLE_DELETE", newBody().put("role_id", role));
    }

    EventDraft channel(String type, String channel) {
        ObjectNode body = newBody();
        body.setAll(channels.getOrDefault(channel, newBody()).deepCopy());
        return EventDraft.guild(id, type, body);
    }

    EventDraft member(String type, String user) {
        ObjectNode body = newBody();
        body.setAll(members.getOrDefault(user, newBody()).deepCopy());
        return EventDraft.guild(id, type, body);
    }

    EventDraft leave(String user) {
        ObjectNode member = members.remove(user);
        if (member == null) {
            throw new IllegalArgumentException("no member " + user);
        }
        absent.put(user, member);
        ObjectNode body = newBody();
        body.set("user", member.path("user").deepCopy());
        return EventDraft.guild(id, "GUILD_MEMBER_REMOVE", body);
    }

    EventDraft join(String user, String joinedAt) {
        ObjectNode member = absent.remove(user);
        if (member == null) {
            throw new IllegalArgumentException("the user has not left: " + user);
        }
        members.put(user, member.put("joined_at", joinedAt));
        return member("GUILD_MEMBER_ADD", user);
    }

    /// The member object of messages: without its user.
    ObjectNode memberOfMessage(String user) {
        ObjectNode member = members.getOrDefault(user, newBody()).deepCopy();
        member.remove("user");
        return member;
    }

    ObjectNode newBody() {
        return MessageFactory.JSON.createObjectNode().put("guild_id", id);
    }

    static void removeValue(ArrayNode list, String value) {
        for (int i = list.size() - 1; i >= 0; i--) {
            if (list.get(i).asString("").equals(value)) {
                list.remove(i);
            }
        }
    }
}
