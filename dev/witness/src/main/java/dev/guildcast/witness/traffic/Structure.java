package dev.guildcast.witness.traffic;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Changes of a guild's roles, channels, overwrites and members, most of which change who sees what.
///
/// - **Owner:** the thread that makes the plan.
/// - **Bound:** as many roles and channels of its own as it is told.
final class Structure {
    /// The shortest stay of a client in a guild.
    static final long STAY_MILLIS = 15_000;

    private static final String VIEW_CHANNEL = "1024";
    private static final long VIEW_CHANNEL_BIT = 1L << 10;
    private static final int ROLE = 0;
    private static final int MEMBER = 1;

    private final GuildDraft guild;
    private final List<String> clients;
    private final Random random;
    private final Ids ids;
    private final Messages messages;
    private final int createdMax;
    private final TreeSet<String> createdChannels = new TreeSet<>();
    private final TreeSet<String> createdRoles = new TreeSet<>();

    Structure(GuildDraft guild, List<String> clients, Random random, Ids ids, Messages messages, int createdMax) {
        this.guild = guild;
        this.clients = clients;
        this.random = random;
        this.ids = ids;
        this.messages = messages;
        this.createdMax = createdMax;
    }

    Draft next() {
        return switch (random.nextInt(10)) {
            case 0, 1 -> overwriteOfEveryone();
            case 2 -> overwriteOfClient();
            case 3, 4 -> rolesOfClient();
            case 5 -> permissionsOfRole();
            case 6 -> random.nextBoolean() ? channelComes() : channelGoes();
            case 7 -> random.nextBoolean() ? roleComes() : roleGoes();
            case 8 -> humanMoves();
            default -> nick();
        };
    }

    /// The first text channel stays as it is: there is always one that all can talk in.
    private String channel() {
        List<String> channels = guild.textChannels();
        return channels.size() == 1 ? "" : channels.get(1 + random.nextInt(channels.size() - 1));
    }

    private Draft overwriteOfEveryone() {
        String channel = channel();
        ObjectNode text = guild.channels.get(channel);
        if (text == null) {
            return rename();
        }
        ArrayNode overwrites = text.withArray("permission_overwrites");
        if (!remove(overwrites, guild.id)) {
            add(overwrites, guild.id, ROLE, false);
            List<String> roles = guild.rolesBesideEveryone();
            if (!roles.isEmpty()) {
                String role = roles.get(random.nextInt(roles.size()));
                remove(overwrites, role);
                add(overwrites, role, ROLE, true);
            }
        }
        return guild.channel("CHANNEL_UPDATE", channel);
    }

    private Draft overwriteOfClient() {
        String channel = channel();
        ObjectNode text = guild.channels.get(channel);
        if (text == null || clients.isEmpty()) {
            return rename();
        }
        String client = clients.get(random.nextInt(clients.size()));
        ArrayNode overwrites = text.withArray("permission_overwrites");
        if (!remove(overwrites, client)) {
            add(overwrites, client, MEMBER, random.nextBoolean());
        }
        return guild.channel("CHANNEL_UPDATE", channel);
    }

    private Draft rolesOfClient() {
        var present = new ArrayList<String>();
        for (String client : clients) {
            if (guild.members.containsKey(client)) {
                present.add(client);
            }
        }
        List<String> roles = guild.rolesBesideEveryone();
        if (present.isEmpty() || roles.isEmpty()) {
            return nick();
        }
        String client = present.get(random.nextInt(present.size()));
        String role = roles.get(random.nextInt(roles.size()));
        ArrayNode held = guild.members.getOrDefault(client, guild.of()).withArray("roles");
        int before = held.size();
        GuildDraft.without(held, role);
        if (held.size() == before) {
            held.add(role);
        }
        return guild.member("GUILD_MEMBER_UPDATE", client);
    }

    private Draft permissionsOfRole() {
        List<String> roles = guild.rolesBesideEveryone();
        ObjectNode role = roles.isEmpty() ? null : guild.roles.get(roles.get(random.nextInt(roles.size())));
        if (role == null) {
            return rename();
        }
        long bits = Long.parseUnsignedLong(role.path("permissions").asString("0"));
        role.put("permissions", Long.toUnsignedString(bits ^ VIEW_CHANNEL_BIT));
        return guild.role("GUILD_ROLE_UPDATE", role.path("id").asString(""));
    }

    private Draft channelComes() {
        if (createdChannels.size() == createdMax) {
            return channelGoes();
        }
        String id = ids.next();
        ObjectNode text = Messages.JSON.createObjectNode();
        text.put("id", id)
                .put("type", 0)
                .put("name", "room-" + id)
                .putNull("topic")
                .put("position", 50);
        text.put("nsfw", false)
                .put("rate_limit_per_user", 0)
                .putNull("parent_id")
                .putNull("last_message_id");
        text.put("flags", 0);
        ArrayNode overwrites = text.putArray("permission_overwrites");
        if (random.nextBoolean()) {
            add(overwrites, guild.id, ROLE, false);
        }
        guild.channels.put(id, text);
        createdChannels.add(id);
        return guild.channel("CHANNEL_CREATE", id);
    }

    private Draft channelGoes() {
        String id = createdChannels.pollFirst();
        if (id == null) {
            return channelComes();
        }
        Draft draft = guild.channel("CHANNEL_DELETE", id);
        guild.channels.remove(id);
        return draft;
    }

    private Draft roleComes() {
        if (createdRoles.size() == createdMax) {
            return roleGoes();
        }
        String id = ids.next();
        ObjectNode role = Messages.JSON.createObjectNode();
        role.put("id", id)
                .put("name", "role-" + id)
                .put("color", 0)
                .put("hoist", false)
                .putNull("icon");
        role.putNull("unicode_emoji")
                .put("position", 1)
                .put("permissions", VIEW_CHANNEL)
                .put("managed", false);
        role.put("mentionable", false).put("flags", 0);
        role.putObject("colors")
                .put("primary_color", 0)
                .putNull("secondary_color")
                .putNull("tertiary_color");
        guild.roles.put(id, role);
        createdRoles.add(id);
        return guild.role("GUILD_ROLE_CREATE", id);
    }

    private Draft roleGoes() {
        String id = createdRoles.pollFirst();
        return id == null ? roleComes() : guild.roleDelete(id);
    }

    private Draft humanMoves() {
        String owner = guild.fields.path("owner_id").asString("");
        var humans = new ArrayList<>(guild.members.keySet());
        humans.removeAll(clients);
        humans.remove(owner);
        var away = new ArrayList<>(guild.away.keySet());
        away.removeAll(clients);
        if (!away.isEmpty() && (humans.isEmpty() || random.nextBoolean())) {
            return guild.join(away.get(random.nextInt(away.size())), ids.time());
        }
        return humans.isEmpty() ? nick() : guild.leave(humans.get(random.nextInt(humans.size())));
    }

    private Draft nick() {
        var members = new ArrayList<>(guild.members.keySet());
        String user = members.get(random.nextInt(members.size()));
        guild.members.getOrDefault(user, guild.of()).put("nick", messages.word());
        return guild.member("GUILD_MEMBER_UPDATE", user);
    }

    private Draft rename() {
        guild.fields.put("name", "house of " + messages.word());
        return guild.guildUpdate();
    }

    private static boolean remove(ArrayNode overwrites, String id) {
        for (int i = 0; i < overwrites.size(); i++) {
            if (overwrites.get(i).path("id").asString("").equals(id)) {
                overwrites.remove(i);
                return true;
            }
        }
        return false;
    }

    private static void add(ArrayNode overwrites, String id, int type, boolean view) {
        overwrites
                .addObject()
                .put("id", id)
                .put("type", type)
                .put("allow", view ? VIEW_CHANNEL : "0")
                .put("deny", view ? "0" : VIEW_CHANNEL);
    }
}
