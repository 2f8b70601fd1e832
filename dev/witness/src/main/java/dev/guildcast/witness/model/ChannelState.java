package dev.guildcast.witness.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// The fields of a channel or thread that decide who sees it.
///
/// @param parentId a thread's channel, or a channel's category; empty without one
public record ChannelState(String id, int type, String parentId, List<Overwrite> overwrites) {
    /// The permissions that one role or member is granted and denied in this channel.
    public record Overwrite(String id, boolean role, long allow, long deny) {
        long applyTo(long permissions) {
            return (permissions & ~deny) | allow;
        }
    }

    static ChannelState of(JsonNode channel) {
        var overwrites = new ArrayList<Overwrite>();
        channel.path("permission_overwrites")
                .forEach(each -> overwrites.add(new Overwrite(
                        GuildState.id(each, "id"),
                        each.path("type").asInt() == 0,
                        bits(each.path("allow")),
                        bits(each.path("deny")))));
        return new ChannelState(
                GuildState.id(channel, "id"),
                channel.path("type").asInt(),
                GuildState.id(channel, "parent_id"),
                List.copyOf(overwrites));
    }

    public boolean thread() {
        return type >= 10 && type <= 12;
    }

    /// Applies everyone's overwrite, then those of all held roles together, then the member's; each denies first.
    long apply(long base, String everyone, Set<String> held, String user) {
        long permissions = base;
        long allow = 0;
        long deny = 0;
        for (Overwrite each : overwrites) {
            if (each.role() && each.id().equals(everyone)) {
                permissions = each.applyTo(permissions);
            } else if (each.role() && held.contains(each.id())) {
                allow |= each.allow();
                deny |= each.deny();
            }
        }
        permissions = (permissions & ~deny) | allow;
        for (Overwrite each : overwrites) {
            if (!each.role() && each.id().equals(user)) {
                permissions = each.applyTo(permissions);
            }
        }
        return permissions;
    }

    private static long bits(JsonNode permissions) {
        return Long.parseUnsignedLong(permissions.asString("0"));
    }
}
