package dev.guildcast.system.vectors;

import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The fixture of the examples, as a world file: bots A and B, humans H1 and H2, guilds G1 to G4.
///
/// Bot A is initially in G1 only; G4 is initially in outage. Only bot A has [#ROLE_OF_A].
final class VectorWorld {
    static final String A = "100000000000000001";
    static final String B = "100000000000000002";
    static final String H1 = "200000000000000001";
    static final String H2 = "200000000000000002";
    static final String G1 = "197038439483310086";
    static final String G2 = "41771983423143937";
    static final String G3 = "613425648685547541";
    static final String G4 = "81384788765712384";
    static final String TEXT = "300000000000000001";
    static final String VOICE = "300000000000000002";
    static final String OTHER_VOICE = "300000000000000003";
    static final String HIDDEN = "300000000000000004";

    /// A voice channel that bots may not connect to.
    static final String CLOSED_VOICE = "300000000000000005";

    /// A voice channel for one, with H2 in it.
    static final String FULL_VOICE = "300000000000000006";

    static final String ROLE_OF_BOTS = "400000000000000001";
    static final String ROLE_OF_A = "400000000000000002";
    static final String JOINED_AT = "2024-01-02T03:04:05+00:00";

    /// The region of the example's own voice server.
    static final String REGION = "vectors";

    private static final String VIEW_SEND_READ_CONNECT_SPEAK = "3214336";
    private static final long VIEW_CHANNEL = 1 << 10;
    private static final long CONNECT = 1 << 20;
    private static final int ALL_PRIVILEGES = 1 << 12 | 1 << 14 | 1 << 18;
    private static final long FILLER = 500_000_000_000_000_000L;

    private VectorWorld() {}

    static String file() {
        var world = object();
        var tokens = world.putObject("tokens");
        tokens.set("tok-a", account(A, true, 0));
        tokens.set("tok-b", account(B, true, ALL_PRIVILEGES));
        tokens.set("usr-1", account(H1, false, ALL_PRIVILEGES));
        tokens.set("usr-2", account(H2, false, ALL_PRIVILEGES));
        var guilds = world.putArray("guilds");
        guilds.add(first());
        guilds.add(guild(G2, members(10)));
        guilds.add(guild(G3, members(2300)));
        guilds.add(guild(G4, members(4)).put("unavailable", true));
        return world.toString();
    }

    /// A member object.
    static ObjectNode member(String user) {
        var member = object();
        member.set("user", user(user));
        var roles = member.putArray("roles");
        if (isBot(user)) {
            roles.add(ROLE_OF_BOTS);
        }
        if (user.equals(A)) {
            roles.add(ROLE_OF_A);
        }
        return member.putNull("nick")
                .put("joined_at", JOINED_AT)
                .put("deaf", false)
                .put("mute", false)
                .put("flags", 0);
    }

    static ObjectNode user(String id) {
        return object().put("id", id)
                .put("username", "user" + id.substring(id.length() - 5))
                .put("discriminator", "0")
                .putNull("global_name")
                .putNull("avatar")
                .put("bot", isBot(id));
    }

    /// The first text channel.
    ///
    /// @param hidden from members with A's role
    static ObjectNode text(boolean hidden) {
        var channel = channel(TEXT, 0);
        if (hidden) {
            channel.set("permission_overwrites", denied(ROLE_OF_A, VIEW_CHANNEL));
        }
        return channel.put("guild_id", G1);
    }

    private static ObjectNode first() {
        var guild = guild(G1, Stream.of(H1, H2, A, B));
        var channels = (ArrayNode) guild.path("channels");
        channels.removeAll();
        channels.add(text(false));
        channels.add(channel(VOICE, 2).put("rtc_region", REGION));
        channels.add(channel(OTHER_VOICE, 2).put("rtc_region", REGION));
        channels.add(channel(HIDDEN, 0).set("permission_overwrites", denied(ROLE_OF_BOTS, VIEW_CHANNEL)));
        channels.add(channel(CLOSED_VOICE, 2).set("permission_overwrites", denied(ROLE_OF_BOTS, CONNECT)));
        channels.add(channel(FULL_VOICE, 2).put("user_limit", 1));
        guild.putArray("voice_states")
                .addObject()
                .put("user_id", H2)
                .put("channel_id", FULL_VOICE)
                .put("session_id", "elsewhere");
        return guild;
    }

    private static ObjectNode guild(String id, Stream<String> members) {
        var guild = object().put("id", id).put("name", "G" + id.substring(0, 2)).put("owner_id", H1);
        var roles = guild.putArray("roles");
        roles.add(role(id, VIEW_SEND_READ_CONNECT_SPEAK, 0));
        roles.add(role(ROLE_OF_BOTS, "0", 1));
        roles.add(role(ROLE_OF_A, "0", 2));
        guild.putArray("channels").add(channel(id.substring(0, 15) + "99", 0));
        guild.putArray("threads");
        guild.putArray("emojis");
        guild.putArray("stickers");
        var list = guild.putArray("members");
        members.forEach(user -> list.add(member(user)));
        return guild;
    }

    private static Stream<String> members(int count) {
        var named = List.of(H1, H2, B);
        return Stream.concat(
                named.stream(), LongStream.range(0, count - named.size()).mapToObj(i -> Long.toString(FILLER + i)));
    }

    private static ObjectNode role(String id, String permissions, int position) {
        return object().put("id", id)
                .put("name", "r" + position)
                .put("permissions", permissions)
                .put("position", position)
                .put("color", 0)
                .put("hoist", false)
                .put("managed", false)
                .put("mentionable", false);
    }

    private static ObjectNode channel(String id, int type) {
        var channel =
                object().put("id", id).put("type", type).put("name", "c" + type).put("position", 0);
        channel.putArray("permission_overwrites");
        return channel;
    }

    private static ArrayNode denied(String role, long permission) {
        var overwrites = FramePattern.JSON.createArrayNode();
        overwrites.addObject().put("id", role).put("type", 0).put("allow", "0").put("deny", Long.toString(permission));
        return overwrites;
    }

    private static ObjectNode account(String id, boolean bot, int flags) {
        var account = object().put("bot", bot);
        account.set("user", user(id));
        account.putObject("application").put("id", id).put("flags", flags);
        var privileged = account.putArray("privileged_intents");
        if (flags != 0) {
            privileged.add("GUILD_MEMBERS").add("GUILD_PRESENCES").add("MESSAGE_CONTENT");
        }
        return account;
    }

    private static boolean isBot(String user) {
        return user.equals(A) || user.equals(B);
    }

    private static ObjectNode object() {
        return FramePattern.JSON.createObjectNode();
    }
}
