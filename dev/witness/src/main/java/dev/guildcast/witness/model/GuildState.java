package dev.guildcast.witness.model;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// A guild at one position of its log, with the fields that decide who sees what. Immutable: [#apply] returns the next.
///
/// @param roles permission bits by role id; the everyone role has the guild's id
/// @param members role ids by user id, without the everyone role
public record GuildState(
        String id,
        String ownerId,
        Map<String, Long> roles,
        Map<String, ChannelState> channels,
        Map<String, Set<String>> members) {
    /// Permission bits of the protocol.
    private static final long ADMINISTRATOR = 1L << 3;
    private static final long VIEW_CHANNEL = 1L << 10;
    /// What an owner or administrator holds.
    private static final long ALL = -1L;

    public GuildState {
        roles = Map.copyOf(roles);
        channels = Map.copyOf(channels);
        members = Map.copyOf(members);
    }

    /// From a complete guild object, as in a world file.
    public static GuildState of(JsonNode snapshot) {
        var roles = new TreeMap<String, Long>();
        snapshot.path("roles").forEach(role -> roles.put(id(role, "id"), permissions(role)));
        var channels = new TreeMap<String, ChannelState>();
        for (String list : List.of("channels", "threads")) {
            snapshot.path(list).forEach(each -> channels.put(id(each, "id"), ChannelState.of(each)));
        }
        var members = new TreeMap<String, Set<String>>();
        snapshot.path("members").forEach(each -> members.put(id(each.path("user"), "id"), roleIds(each)));
        return new GuildState(id(snapshot, "id"), id(snapshot, "owner_id"), roles, channels, members);
    }

    /// The guild after an event; the same object if the event changes none of these fields.
    public GuildState apply(String type, JsonNode body) {
        return switch (type) {
            case "GUILD_ROLE_CREATE", "GUILD_ROLE_UPDATE" ->
                withRoles(with(roles, id(body.path("role"), "id"), permissions(body.path("role"))));
            case "GUILD_ROLE_DELETE" -> withoutRole(id(body, "role_id"));
            case "CHANNEL_CREATE", "CHANNEL_UPDATE" ->
                withChannels(with(channels, id(body, "id"), ChannelState.of(body)));
            case "CHANNEL_DELETE" -> withChannels(without(channels, id(body, "id")));
            case "GUILD_MEMBER_ADD", "GUILD_MEMBER_UPDATE" ->
                withMembers(with(members, id(body.path("user"), "id"), roleIds(body)));
            case "GUILD_MEMBER_REMOVE" -> withMembers(without(members, id(body.path("user"), "id")));
            default -> this;
        };
    }

    public static boolean isChange(String type) {
        return switch (type) {
            case "GUILD_ROLE_CREATE",
                    "GUILD_ROLE_UPDATE",
                    "GUILD_ROLE_DELETE",
                    "CHANNEL_CREATE",
                    "CHANNEL_UPDATE",
                    "CHANNEL_DELETE",
                    "GUILD_MEMBER_ADD",
                    "GUILD_MEMBER_UPDATE",
                    "GUILD_MEMBER_REMOVE" -> true;
            default -> false;
        };
    }

    public boolean hasMember(String user) {
        return members.containsKey(user);
    }

    /// Whether a member may view a channel; a thread is visible like its parent. False without such member or channel.
    public boolean canView(String user, String channelId) {
        return channels.containsKey(channelId) && (permissions(user, channelId) & VIEW_CHANNEL) != 0;
    }

    /// A member's permission bits in a channel, in a thread's parent, or in the guild for an empty id; 0 without such
    /// member or channel.
    public long permissions(String user, String channelId) {
        ChannelState channel = channels.get(channelId);
        Set<String> held = members.get(user);
        if (held == null || channel == null && !channelId.isEmpty()) {
            return 0;
        }
        if (channel != null && channel.thread()) {
            return permissions(user, channel.parentId());
        }
        if (user.equals(ownerId)) {
            return ALL;
        }
        long base = roles.getOrDefault(id, 0L);
        for (String role : held) {
            base |= roles.getOrDefault(role, 0L);
        }
        if ((base & ADMINISTRATOR) != 0) {
            return ALL;
        }
        long bits = channel == null ? base : channel.apply(base, id, held, user);
        return channel != null && (bits & VIEW_CHANNEL) == 0 ? 0 : bits;
    }

    private GuildState withRoles(Map<String, Long> changed) {
        return new GuildState(id, ownerId, changed, channels, members);
    }

    private GuildState withChannels(Map<String, ChannelState> changed) {
        return new GuildState(id, ownerId, roles, changed, members);
    }

    private GuildState withMembers(Map<String, Set<String>> changed) {
        return new GuildState(id, ownerId, roles, channels, changed);
    }

    private GuildState withoutRole(String role) {
        var changed = new TreeMap<String, Set<String>>();
        members.forEach((user, held) -> {
            var kept = new HashSet<>(held);
            kept.remove(role);
            changed.put(user, kept);
        });
        return new GuildState(id, ownerId, without(roles, role), channels, changed);
    }

    private static <T> Map<String, T> with(Map<String, T> map, String key, T value) {
        var copy = new TreeMap<>(map);
        copy.put(key, value);
        return copy;
    }

    private static <T> Map<String, T> without(Map<String, T> map, String key) {
        var copy = new TreeMap<>(map);
        copy.remove(key);
        return copy;
    }

    static String id(JsonNode object, String field) {
        return object.path(field).asString("");
    }

    private static long permissions(JsonNode role) {
        return Long.parseUnsignedLong(role.path("permissions").asString("0"));
    }

    private static Set<String> roleIds(JsonNode member) {
        var ids = new ArrayList<String>();
        member.path("roles").forEach(role -> ids.add(role.asString()));
        return Set.copyOf(ids);
    }
}
