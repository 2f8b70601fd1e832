package dev.guildcast.gateway.token;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Builds the user object of `READY`: the known fields of a user, and defaults for those that client libraries require.
final class UserObject {
    private static final JsonMapper MAPPER = new JsonMapper();

    private UserObject() {}

    static byte[] ofName(long userId, String name, boolean bot) {
        var user = MAPPER.createObjectNode();
        user.put("id", Long.toUnsignedString(userId));
        user.put("username", name);
        if (!bot) {
            user.put("global_name", name);
        }
        return withDefaults(user, bot);
    }

    /// @param known must contain `id`
    static byte[] withDefaults(ObjectNode known, boolean bot) {
        var user = known.deepCopy();
        if (!user.path("username").isString()) {
            user.put("username", "user-" + user.path("id").asString());
        }
        if (!user.path("discriminator").isString()) {
            user.put("discriminator", "0");
        }
        for (var nullable : new String[] {"avatar", "global_name", "email"}) {
            if (!user.has(nullable)) {
                user.putNull(nullable);
            }
        }
        user.put("bot", bot);
        if (!user.has("verified")) {
            user.put("verified", true);
        }
        if (!user.has("mfa_enabled")) {
            user.put("mfa_enabled", false);
        }
        if (!user.path("flags").isIntegralNumber()) {
            user.put("flags", 0);
        }
        return MAPPER.writeValueAsBytes(user);
    }
}
