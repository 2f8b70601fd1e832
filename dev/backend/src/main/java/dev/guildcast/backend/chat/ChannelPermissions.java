package dev.guildcast.backend.chat;

import dev.guildcast.contract.Permissions;
import java.util.HashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Computes what a member may do in a channel, from the documents of guild, member and channel.
public final class ChannelPermissions {
    public static final long VIEW = Permissions.VIEW_CHANNEL;
    public static final long SEND = Permissions.SEND_MESSAGES;
    public static final long READ_HISTORY = Permissions.READ_MESSAGE_HISTORY;
    /// This and the following are permission bits of the protocol that the services do not evaluate.
    public static final long ADD_REACTIONS = 1L << 6;
    public static final long MANAGE_MESSAGES = 1L << 13;
    public static final long MENTION_EVERYONE = 1L << 17;

    /// The owner and administrators have every permission.
    private static final long ALL = -1L;
    /// Overwrite type of a role; a member's is 1.
    private static final int ROLE = 0;

    private ChannelPermissions() {}

    /// The permission bits of a member in a channel.
    static long compute(JsonNode guild, JsonNode member, JsonNode channel) {
        var user = member.path("user").path("id").asString("");
        var everyone = guild.path("id").asString("");
        if (guild.path("owner_id").asString("").equals(user)) {
            return ALL;
        }
        Set<String> roles = new HashSet<>();
        roles.add(everyone);
        member.path("roles").forEach(role -> roles.add(role.asString("")));
        long bits = 0;
        for (var role : guild.path("roles")) {
            if (roles.contains(role.path("id").asString(""))) {
                bits |= role.path("permissions").asLong(0);
            }
        }
        if ((bits & Permissions.ADMINISTRATOR) != 0) {
            return ALL;
        }
        return applyOverwrites(bits, channel.path("permission_overwrites"), roles, everyone, user);
    }

    /// First the overwrite of everyone, then those of the roles taken together, then the member's own.
    private static long applyOverwrites(
            long bits, JsonNode overwrites, Set<String> roles, String everyone, String user) {
        long[] deny = new long[3];
        long[] allow = new long[3];
        for (var overwrite : overwrites) {
            var id = overwrite.path("id").asString("");
            boolean ofRole = overwrite.path("type").asInt(ROLE) == ROLE;
            int step = ofRole && id.equals(everyone)
                    ? 0
                    : ofRole && roles.contains(id) ? 1 : !ofRole && id.equals(user) ? 2 : -1;
            if (step >= 0) {
                deny[step] |= overwrite.path("deny").asLong(0);
                allow[step] |= overwrite.path("allow").asLong(0);
            }
        }
        long result = bits;
        for (int step = 0; step < deny.length; step++) {
            result = result & ~deny[step] | allow[step];
        }
        return result;
    }
}
