package dev.guildcast.witness.traffic;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A guild's entities as a backend would hold them while a plan is made, and the bodies of the events about them.
///
/// - **Owner:** the thread that makes the plan.
/// - **Bound:** what the world and the plan put in.
final class GuildDraft {
    private static final List<String> PARTS = List.of(
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
    /// Members who are away and may come back.
    final TreeMap<String, ObjectNode> away = new TreeMap<>();

    GuildDraft(ObjectNode document) {
        id = document.path("id").asString("");
        for (JsonNode role : document.path("roles")) {
            roles.put(role.path("id").asString(""), (ObjectNode) role);
        }
        for (JsonNode channel : document.path("channels")) {
            channels.put(channel.path("id").asString(""), (ObjectNode) channel);
        }
        for (JsonNode member : document.path("members")) {
            members.put(member.path("user").path("id").asString(""), (ObjectNode) member);
        }
        fields = document.deepCopy();
        fields.remove(PARTS);
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

    Draft guildUpdate() {
        return Draft.guild(id, "GUILD_UPDATE", fields.deepCopy());
    }

    Draft role(String type, String role) {
        ObjectNode body = of();
        body.set("role", roles.getOrDefault(role, of()).deepCopy());
        return Draft.guild(id, type, body);
    }

    Draft roleDelete(String role) {
        roles.remove(role);
        for (ObjectNode member : members.values()) {
            without(member.withArray("roles"), role);
        }
        for (ObjectNode member : away.values()) {
            without(member.withArray("roles"), role);
        }
        return Draft.guild(id, "GUILD_ROLE_DELETE", of().put("role_id", role));
    }

    Draft channel(String type, String channel) {
        ObjectNode body = of();
        body.setAll(channels.getOrDefault(channel, of()).deepCopy());
        return Draft.guild(id, type, body);
    }

    Draft member(String type, String user) {
        ObjectNode body = of();
        body.setAll(members.getOrDefault(user, of()).deepCopy());
        return Draft.guild(id, type, body);
    }

    Draft leave(String user) {
        ObjectNode member = members.remove(user);
        if (member == null) {
            throw new IllegalArgumentException("no member " + user);
        }
        away.put(user, member);
        ObjectNode body = of();
        body.set("user", member.path("user").deepCopy());
        return Draft.guild(id, "GUILD_MEMBER_REMOVE", body);
    }

    Draft join(String user, String joinedAt) {
        ObjectNode member = away.remove(user);
        if (member == null) {
            throw new IllegalArgumentException("nobody away " + user);
        }
        members.put(user, member.put("joined_at", joinedAt));
        return member("GUILD_MEMBER_ADD", user);
    }

    /// The member object that stands in messages: without its user.
    ObjectNode memberOfMessage(String user) {
        ObjectNode member = members.getOrDefault(user, of()).deepCopy();
        member.remove("user");
        return member;
    }

    ObjectNode of() {
        return Messages.JSON.createObjectNode().put("guild_id", id);
    }

    static void without(ArrayNode list, String value) {
        for (int i = list.size() - 1; i >= 0; i--) {
            if (list.get(i).asString("").equals(value)) {
                list.remove(i);
            }
        }
    }
}
