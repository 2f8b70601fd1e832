package dev.guildcast.witness.traffic;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Generates changes of a guild's roles, channels, overwrites and members, most of which change who sees what.
///
/// - **Owner:** the thread that generates the plan.
/// - **Bound:** `createdMax` roles and channels of its own.
final class GuildChangeScript {
    /// The shortest membership of a client: long enough to be dispatched also during a recovery.
    static final long MEMBERSHIP_MILLIS_MIN = 15_000;

    private static final String VIEW_CHANNEL = "1024";
    /// The same permission as a number.
    private static final long VIEW_CHANNEL_BIT = 1L << 10;
    /// Overwrite type of a role.
    private static final int ROLE = 0;
    /// Overwrite type of a member.
    private static final int MEMBER = 1;

    private final PlannedGuild guild;
    private final List<String> clients;
    private final Random random;
    private final SeededIds ids;
    private final MessageFactory messages;
    private final int createdMax;
    private final TreeSet<String> createdChannels = new TreeSet<>();
    private final TreeSet<String> createdRoles = new TreeSet<>();

    GuildChangeScript(
            PlannedGuild guild,
            List<String> clients,
            Random random,
            SeededIds ids,
            MessageFactory messages,
            int createdMax) {
        this.guild = guild;
        this.clients = clients;
        this.random = random;
        this.ids = ids;
        this.messages = messages;
        this.createdMax = createdMax;
    }

    EventDraft next() {
        return switch (random.nextInt(10)) {
            case 0, 1 -> overwriteOfEveryone();
            case 2 -> overwriteOfClient();
            case 3, 4 -> rolesOfClient();
            case 5 -> permissionsOfRole();
            case 6 -> random.nextBoolean() ? createChannel() : deleteChannel();
            case 7 -> random.nextBoolean() ? createRole() : deleteRole();
            case 8 -> humanJoinsOrLeaves();
            default -> nick();
        };
    }

    /// Never the first text channel, so that one channel is always visible to all.
    private String changeableChannel() {
        List<String> channels = guild.textChannels();
        return channels.size() == 1 ? "" : channels.get(1 + random.nextInt(channels.size() - 1));
    }

    private EventDraft overwriteOfEveryone() {
        String channel = changeableChannel();
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

    private EventDraft overwriteOfClient() {
        String channel = changeableChannel();
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

    private EventDraft rolesOfClient() {
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
        ArrayNode held = guild.members.getOrDefault(client, guild.newBody()).withArray("roles");
        int before = held.size();
        PlannedGuild.removeValue(held, role);
        if (held.size() == before) {
            held.add(role);
        }
        return guild.member("GUILD_MEMBER_UPDATE", client);
    }

    private EventDraft permissionsOfRole() {
        List<String> roles = guild.rolesBesideEveryone();
        ObjectNode role = roles.isEmpty() ? null : guild.roles.get(roles.get(random.nextInt(roles.size())));
        if (role == null) {
            return rename();
        }
        long bits = Long.parseUnsignedLong(role.path("permissions").asString("0"));
        role.put("permissions", Long.toUnsignedString(bits ^ VIEW_CHANNEL_BIT));
        return guild.role("GUILD_ROLE_UPDATE", role.path("id").asString(""));
    }

    private EventDraft createChannel() {
        if (createdChannels.size() == createdMax) {
            return deleteChannel();
        }
        String id = ids.next();
        ObjectNode text = MessageFactory.JSON.createObjectNode();
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

    private EventDraft deleteChannel() {
        String id = createdChannels.pollFirst();
        if (id == null) {
            return createChannel();
        }
        EventDraft draft = guild.channel("CHANNEL_DELETE", id);
        guild.channels.remove(id);
        return draft;
    }

    private EventDraft createRole() {
        if (createdRoles.size() == createdMax) {
            return deleteRole();
        }
        String id = ids.next();
        ObjectNode role = MessageFactory.JSON.createObjectNode();
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

    private EventDraft deleteRole() {
        String id = createdRoles.pollFirst();
        return id == null ? createRole() : guild.roleDelete(id);
    }

    private EventDraft humanJoinsOrLeaves() {
        String owner = guild.fields.path("owner_id").asString("");
        var humans = new ArrayList<>(guild.members.keySet());
        humans.removeAll(clients);
        humans.remove(owner);
        var absent = new ArrayList<>(guild.absent.keySet());
        absent.removeAll(clients);
        if (!absent.isEmpty() && (humans.isEmpty() || random.nextBoolean())) {
            return guild.join(absent.get(random.nextInt(absent.size())), ids.time());
        }
        return humans.isEmpty() ? nick() : guild.leave(humans.get(random.nextInt(humans.size())));
    }

    private EventDraft nick() {
        var members = new ArrayList<>(guild.members.keySet());
        String user = members.get(random.nextInt(members.size()));
        guild.members.getOrDefault(user, guild.newBody()).put("nick", messages.randomWord());
        return guild.member("GUILD_MEMBER_UPDATE", user);
    }

    private EventDraft rename() {
        guild.fields.put("name", "house of " + messages.randomWord());
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
