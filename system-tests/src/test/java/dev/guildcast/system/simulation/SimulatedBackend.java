package dev.guildcast.system.simulation;

import com.google.protobuf.ByteString;
import dev.guildcast.contract.Intents;
import dev.guildcast.contract.ShardId;
import dev.guildcast.event.v1.GuildEvent;
import dev.guildcast.event.v1.GuildRecord;
import dev.guildcast.event.v1.Members;
import dev.guildcast.event.v1.Mutation;
import dev.guildcast.event.v1.Overwrite;
import dev.guildcast.event.v1.Priority;
import dev.guildcast.event.v1.Publication;
import dev.guildcast.event.v1.UserEvent;
import dev.guildcast.event.v1.UserRecord;
import dev.guildcast.shard.memory.MemoryInstallation;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/// The backends: they hold the authoritative state of all guilds and publish it, with every repetition and reordering
/// that the publishing rules allow.
///
/// Changes of one guild are published one after the other; messages are published concurrently.
final class SimulatedBackend {
    /// The permission VIEW_CHANNEL.
    private static final long VIEW = 1L << 10;

    private final Random random;
    private final SimulationConfig config;
    private final MemoryInstallation installation;
    private final SimulatedPublishers publishers;
    private final List<Long> users;
    private final TreeMap<Long, BackendGuild> guilds = new TreeMap<>();
    private long lastNumber;
    private long lastSnapshot;
    private boolean disconnected;

    SimulatedBackend(
            Random random,
            SimulationConfig config,
            MemoryInstallation installation,
            Predicate<ShardId> accepts,
            List<Long> users,
            int guildCount) {
        this.random = random;
        this.config = config;
        this.installation = installation;
        this.publishers = new SimulatedPublishers(random, installation, accepts, this::guildShard);
        this.users = users;
        for (int i = 1; i <= guildCount; i++) {
            createGuild((long) i << 22);
        }
    }

    private void createGuild(long id) {
        var guild = new BackendGuild();
        guild.roles.put(id, VIEW);
        guild.roles.put(id + 1, 0L);
        for (long channel = id + 10; channel < id + 13; channel++) {
            guild.channels.put(channel, List.of());
            guild.channelNames.put(channel, "c" + channel);
        }
        for (long user : users) {
            if (random.nextInt(5) < 3) {
                guild.members.put(user, new TreeSet<>());
                guild.nicks.put(user, "nick0");
            }
        }
        guilds.put(id, guild);
        for (var record : snapshotOf(id, guild)) {
            installation.log(guildShard(id)).append(record.toByteArray());
        }
    }

    private ShardId guildShard(long guild) {
        return config.topology().guildShard(guild);
    }

    Set<Long> guilds() {
        return guilds.keySet();
    }

    Set<Long> members(long guild) {
        return backendGuild(guild).members.keySet();
    }

    private BackendGuild backendGuild(long guild) {
        var found = guilds.get(guild);
        if (found == null) {
            throw new IllegalArgumentException("no guild " + guild);
        }
        return found;
    }

    // ---- random steps

    void step() {
        long id = pick(guilds.keySet());
        var guild = backendGuild(id);
        if (config.heavyTyping()) {
            for (int i = random.nextInt(5); i > 0; i--) {
                publishTyping();
            }
            if (random.nextInt(3) == 0) {
                overwrite(pick(guilds.keySet()));
            }
        }
        int roll = random.nextInt(100);
        if (roll < 30) {
            publishMessage(id, guild);
        } else if (roll < 40) {
            publishTyping();
        } else if (roll < 44) {
            long user = pick(users);
            boolean first = guild.members.containsKey(user);
            for (int i = 2 + 2 * random.nextInt(2); i > 0; i--) {
                changeMembership(id, guild, user, first);
                first = !first;
            }
        } else if (roll < 60) {
            long user = pick(users);
            changeMembership(id, guild, user, guild.members.containsKey(user) && random.nextBoolean());
        } else if (roll < 68) {
            overwrite(id);
        } else if (roll < 73) {
            changeRole(id, guild);
        } else if (roll < 77) {
            changeChannel(id, guild);
        } else if (roll < 79) {
            publishPoison(id);
        } else if (roll < 91) {
            publishUserEvent();
        } else if (roll < 96) {
            if (!disconnected) {
                publishSnapshot(id);
            }
        } else if (roll < 98) {
            disconnected = true;
        } else {
            reconnect();
        }
    }

    private void publishMessage(long id, BackendGuild guild) {
        long channel = random.nextInt(8) == 0 || guild.channels.isEmpty()
                ? id + 10 + random.nextInt(5)
                : pick(guild.channels.keySet());
        long n = ++lastNumber;
        var event = GuildEvent.newBuilder()
                .setGuildId(id)
                .setType("MESSAGE_CREATE")
                .setChannelId(channel)
                .setIntents(Intents.GUILD_MESSAGES)
                .setPriority(Priority.MESSAGE)
                .setPayload(payload(n, id, channel, "hello"));
        if (random.nextInt(3) > 0) {
            event.setPayloadRedacted(payload(n, id, channel, "")).addFullRecipients(pick(users));
        }
        publishers.start(id, List.of(GuildRecord.newBuilder().setEvent(event).build()), false);
    }

    private void publishTyping() {
        long id = pick(guilds.keySet());
        var guild = backendGuild(id);
        if (guild.channels.isEmpty()) {
            return;
        }
        long channel = pick(guild.channels.keySet());
        var event = GuildEvent.newBuilder()
                .setGuildId(id)
                .setType("TYPING_START")
                .setChannelId(channel)
                .setIntents(Intents.GUILD_MESSAGE_TYPING)
                .setPriority(Priority.TYPING)
                .setPayload(payload(++lastNumber, id, channel, ""));
        installation
                .ephemeral(guildShard(id))
                .append(GuildRecord.newBuilder().setEvent(event).build().toByteArray());
    }

    private void publishPoison(long id) {
        var event = GuildEvent.newBuilder()
                .setGuildId(id)
                .setType(FaultyMachine.POISON)
                .setMembers(Members.getDefaultInstance())
                .setPayload(payload(++lastNumber, id, 0, ""));
        publishers.start(id, List.of(GuildRecord.newBuilder().setEvent(event).build()), false);
    }

    private void publishUserEvent() {
        long user = pick(users);
        int kind = random.nextInt(12);
        long n = ++lastNumber;
        var event = UserEvent.newBuilder()
                .setType(kind == 0 ? FaultyMachine.POISON : kind < 3 ? "SETTINGS" : "DM")
                .addUsers(user)
                .setShardZeroOnly(kind >= 3)
                .setIntents(kind >= 3 ? Intents.DIRECT_MESSAGES : 0)
                .setPayload(ByteString.copyFromUtf8("{\"n\":" + n + "}"))
                .setPublication(Publication.newBuilder().setPublisher("users").setSequence(n));
        if (random.nextInt(6) == 0) {
            event.addUsers(pick(users));
        }
        var bytes = UserRecord.newBuilder().setEvent(event).build().toByteArray();
        for (int i = random.nextInt(5) == 0 ? 2 : 1; i > 0; i--) {
            installation.log(ShardId.user(0)).append(bytes);
        }
    }

    private void changeMembership(long id, BackendGuild guild, long user, boolean leave) {
        Mutation mutation;
        String type;
        if (leave) {
            guild.members.remove(user);
            guild.nicks.remove(user);
            mutation = BackendGuild.memberRemoval(user);
            type = "GUILD_MEMBER_REMOVE";
        } else {
            boolean joins = !guild.members.containsKey(user);
            var roles = new TreeSet<Long>();
            if (!joins) {
                guild.roles.keySet().stream()
                        .filter(role -> role != id && random.nextBoolean())
                        .forEach(roles::add);
            }
            guild.members.put(user, roles);
            guild.nicks.put(user, "nick" + (random.nextInt(3) == 0 ? 0 : ++lastNumber));
            mutation = guild.member(user);
            type = joins ? "GUILD_MEMBER_ADD" : "GUILD_MEMBER_UPDATE";
        }
        publishChange(
                id,
                guild,
                event(id, type, mutation)
                        .setIntents(Intents.GUILD_MEMBERS)
                        .addSelfUsers(user)
                        .setSelfIntents(Intents.GUILDS));
    }

    private void changeRole(long id, BackendGuild guild) {
        long role = random.nextInt(4) == 0 ? id : id + 1 + random.nextInt(3);
        if (role != id && guild.roles.containsKey(role) && random.nextInt(3) == 0) {
            guild.roles.remove(role);
            guild.members.values().forEach(roles -> roles.remove(role));
            publishChange(id, guild, event(id, "GUILD_ROLE_DELETE", BackendGuild.roleRemoval(role)));
        } else {
            boolean known = guild.roles.put(role, random.nextInt(3) == 0 ? 0L : VIEW) != null;
            publishChange(id, guild, event(id, known ? "GUILD_ROLE_UPDATE" : "GUILD_ROLE_CREATE", guild.role(role)));
        }
    }

    private void changeChannel(long id, BackendGuild guild) {
        long channel = id + 10 + random.nextInt(5);
        if (guild.channels.containsKey(channel) && random.nextBoolean()) {
            guild.channels.remove(channel);
            guild.channelNames.remove(channel);
            publishChange(
                    id,
                    guild,
                    event(id, "CHANNEL_DELETE", BackendGuild.channelRemoval(channel))
                            .setPayload(channelPayload(channel, id)));
        } else {
            boolean known = guild.channels.containsKey(channel);
            guild.channels.putIfAbsent(channel, List.of());
            guild.channelNames.put(channel, "c" + ++lastNumber);
            publishChange(
                    id,
                    guild,
                    event(id, known ? "CHANNEL_UPDATE" : "CHANNEL_CREATE", guild.channel(channel))
                            .setPayload(channelPayload(guild, channel, id)));
        }
    }

    private void overwrite(long id) {
        var guild = backendGuild(id);
        if (guild.channels.isEmpty()) {
            return;
        }
        long channel = pick(guild.channels.keySet());
        var overwrites = new ArrayList<Overwrite>();
        if (random.nextInt(2) == 0) {
            overwrites.add(overwrite(id, true, random.nextInt(4) == 0));
        }
        for (long role : guild.roles.keySet()) {
            if (role != id && random.nextInt(3) == 0) {
                overwrites.add(overwrite(role, true, random.nextInt(3) > 0));
            }
        }
        if (random.nextInt(3) == 0) {
            overwrites.add(overwrite(pick(users), false, random.nextBoolean()));
        }
        guild.channels.put(channel, List.copyOf(overwrites));
        publishChange(
                id,
                guild,
                event(id, "CHANNEL_UPDATE", guild.channel(channel)).setPayload(channelPayload(guild, channel, id)));
    }

    private static Overwrite overwrite(long id, boolean role, boolean allow) {
        return Overwrite.newBuilder()
                .setId(id)
                .setRole(role)
                .setAllow(allow ? VIEW : 0)
                .setDeny(allow ? 0 : VIEW)
                .build();
    }

    private void publishChange(long id, BackendGuild guild, GuildEvent.Builder event) {
        if (disconnected) {
            guild.dirty = true;
        } else {
            publishers.queue(
                    id, List.of(GuildRecord.newBuilder().setEvent(event).build()));
        }
    }

    /// Publishes a complete guild snapshot; further changes may be published before its end.
    private void publishSnapshot(long id) {
        var guild = backendGuild(id);
        guild.dirty = false;
        var records = snapshotOf(id, guild);
        var parts = new ArrayList<>(records.subList(0, records.size() - 1));
        publishers.queue(id, parts);
        for (int i = random.nextInt(4) - 1; i > 0; i--) {
            long user = pick(users);
            changeMembership(id, guild, user, guild.members.containsKey(user) && random.nextBoolean());
        }
        publishers.queue(id, List.of(records.getLast()));
    }

    private List<GuildRecord> snapshotOf(long id, BackendGuild guild) {
        String version = "v" + ++lastSnapshot;
        return guild.snapshot(id, version, lastSnapshot > guilds.size() && !guilds.isEmpty() ? random : null);
    }

    /// The backend publishes again, starting with snapshots of the guilds that changed meanwhile.
    void reconnect() {
        disconnected = false;
        guilds.forEach((id, guild) -> {
            if (guild.dirty) {
                publishSnapshot(id);
            }
        });
    }

    // ---- publishing

    boolean idle() {
        return publishers.idle();
    }

    /// One step of the publishers.
    void publish() {
        publishers.step();
    }

    // ---- records

    private GuildEvent.Builder event(long id, String type, Mutation mutation) {
        return GuildEvent.newBuilder()
                .setGuildId(id)
                .setType(type)
                .setMembers(Members.getDefaultInstance())
                .setIntents(Intents.GUILDS)
                .setMutation(mutation)
                .setPayload(payload(++lastNumber, id, 0, ""));
    }

    private static ByteString payload(long n, long guild, long channel, String content) {
        return ByteString.copyFromUtf8("{\"n\":" + n + ",\"guild_id\":\"" + guild + "\","
                + (channel == 0 ? "" : "\"channel_id\":\"" + channel + "\",") + "\"content\":\"" + content + "\"}");
    }

    private ByteString channelPayload(BackendGuild guild, long channel, long id) {
        return ByteString.copyFromUtf8("{\"n\":" + ++lastNumber + ",\"guild_id\":\"" + id + "\",\"id\":\"" + channel
                + "\",\"name\":\"" + guild.channelNames.get(channel) + "\"}");
    }

    private ByteString channelPayload(long channel, long id) {
        return ByteString.copyFromUtf8(
                "{\"n\":" + ++lastNumber + ",\"guild_id\":\"" + id + "\",\"id\":\"" + channel + "\",\"name\":\"\"}");
    }

    private <T> T pick(java.util.Collection<T> all) {
        int index = random.nextInt(all.size());
        for (var each : all) {
            if (index-- == 0) {
                return each;
            }
        }
        throw new IllegalStateException("nothing to choose from");
    }
}
