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

/// The backends: they own the truth about guilds and publish it, with every repeat and every disorder that the rules
/// allow.
///
/// Changes of one guild are published one after the other; messages are not waited for.
final class Backend {
    private static final long VIEW = 1L << 10;

    private final Random random;
    private final Limits limits;
    private final MemoryInstallation installation;
    private final Publishers publishers;
    private final List<Long> users;
    private final TreeMap<Long, Truth> guilds = new TreeMap<>();
    private long numbers;
    private long documents;
    private boolean away;

    Backend(
            Random random,
            Limits limits,
            MemoryInstallation installation,
            Predicate<ShardId> takes,
            List<Long> users,
            int guildCount) {
        this.random = random;
        this.limits = limits;
        this.installation = installation;
        this.publishers = new Publishers(random, installation, takes, this::home);
        this.users = users;
        for (int i = 1; i <= guildCount; i++) {
            found((long) i << 22);
        }
    }

    private void found(long id) {
        var guild = new Truth();
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
        for (var record : documentOf(id, guild)) {
            installation.log(home(id)).append(record.toByteArray());
        }
    }

    private ShardId home(long guild) {
        return limits.topology().guildShard(guild);
    }

    Set<Long> guilds() {
        return guilds.keySet();
    }

    Set<Long> members(long guild) {
        return truth(guild).members.keySet();
    }

    private Truth truth(long guild) {
        var truth = guilds.get(guild);
        if (truth == null) {
            throw new IllegalArgumentException("no guild " + guild);
        }
        return truth;
    }

    // ---- what happens

    void happen() {
        long id = any(guilds.keySet());
        var guild = truth(id);
        if (limits.typing()) {
            for (int i = random.nextInt(5); i > 0; i--) {
                type();
            }
            if (random.nextInt(3) == 0) {
                overwrite(any(guilds.keySet()));
            }
        }
        int x = random.nextInt(100);
        if (x < 30) {
            message(id, guild);
        } else if (x < 40) {
            type();
        } else if (x < 44) {
            long user = any(users);
            boolean first = guild.members.containsKey(user);
            for (int i = 2 + 2 * random.nextInt(2); i > 0; i--) {
                membership(id, guild, user, first);
                first = !first;
            }
        } else if (x < 60) {
            long user = any(users);
            membership(id, guild, user, guild.members.containsKey(user) && random.nextBoolean());
        } else if (x < 68) {
            overwrite(id);
        } else if (x < 73) {
            role(id, guild);
        } else if (x < 77) {
            channel(id, guild);
        } else if (x < 79) {
            poison(id);
        } else if (x < 91) {
            userEvent();
        } else if (x < 96) {
            if (!away) {
                document(id);
            }
        } else if (x < 98) {
            away = true;
        } else {
            comeBack();
        }
    }

    private void message(long id, Truth guild) {
        long channel = random.nextInt(8) == 0 || guild.channels.isEmpty()
                ? id + 10 + random.nextInt(5)
                : any(guild.channels.keySet());
        long n = ++numbers;
        var event = GuildEvent.newBuilder()
                .setGuildId(id)
                .setType("MESSAGE_CREATE")
                .setChannelId(channel)
                .setIntents(Intents.GUILD_MESSAGES)
                .setPriority(Priority.MESSAGE)
                .setPayload(payload(n, id, channel, "hello"));
        if (random.nextInt(3) > 0) {
            event.setPayloadRedacted(payload(n, id, channel, "")).addFullRecipients(any(users));
        }
        publishers.start(id, List.of(GuildRecord.newBuilder().setEvent(event).build()), false);
    }

    private void type() {
        long id = any(guilds.keySet());
        var guild = truth(id);
        if (guild.channels.isEmpty()) {
            return;
        }
        long channel = any(guild.channels.keySet());
        var event = GuildEvent.newBuilder()
                .setGuildId(id)
                .setType("TYPING_START")
                .setChannelId(channel)
                .setIntents(Intents.GUILD_MESSAGE_TYPING)
                .setPriority(Priority.TYPING)
                .setPayload(payload(++numbers, id, channel, ""));
        installation
                .ephemeral(home(id))
                .append(GuildRecord.newBuilder().setEvent(event).build().toByteArray());
    }

    private void poison(long id) {
        var event = GuildEvent.newBuilder()
                .setGuildId(id)
                .setType(Throwing.POISON)
                .setMembers(Members.getDefaultInstance())
                .setPayload(payload(++numbers, id, 0, ""));
        publishers.start(id, List.of(GuildRecord.newBuilder().setEvent(event).build()), false);
    }

    private void userEvent() {
        long user = any(users);
        int kind = random.nextInt(12);
        long n = ++numbers;
        var event = UserEvent.newBuilder()
                .setType(kind == 0 ? Throwing.POISON : kind < 3 ? "SETTINGS" : "DM")
                .addUsers(user)
                .setShardZeroOnly(kind >= 3)
                .setIntents(kind >= 3 ? Intents.DIRECT_MESSAGES : 0)
                .setPayload(ByteString.copyFromUtf8("{\"n\":" + n + "}"))
                .setPublication(Publication.newBuilder().setPublisher("users").setSequence(n));
        if (random.nextInt(6) == 0) {
            event.addUsers(any(users));
        }
        var bytes = UserRecord.newBuilder().setEvent(event).build().toByteArray();
        for (int i = random.nextInt(5) == 0 ? 2 : 1; i > 0; i--) {
            installation.log(ShardId.user(0)).append(bytes);
        }
    }

    private void membership(long id, Truth guild, long user, boolean leave) {
        Mutation mutation;
        String type;
        if (leave) {
            guild.members.remove(user);
            guild.nicks.remove(user);
            mutation = Truth.memberGone(user);
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
            guild.nicks.put(user, "nick" + (random.nextInt(3) == 0 ? 0 : ++numbers));
            mutation = guild.member(user);
            type = joins ? "GUILD_MEMBER_ADD" : "GUILD_MEMBER_UPDATE";
        }
        change(
                id,
                guild,
                event(id, type, mutation)
                        .setIntents(Intents.GUILD_MEMBERS)
                        .addSelfUsers(user)
                        .setSelfIntents(Intents.GUILDS));
    }

    private void role(long id, Truth guild) {
        long role = random.nextInt(4) == 0 ? id : id + 1 + random.nextInt(3);
        if (role != id && guild.roles.containsKey(role) && random.nextInt(3) == 0) {
            guild.roles.remove(role);
            guild.members.values().forEach(roles -> roles.remove(role));
            change(id, guild, event(id, "GUILD_ROLE_DELETE", Truth.roleGone(role)));
        } else {
            boolean known = guild.roles.put(role, random.nextInt(3) == 0 ? 0L : VIEW) != null;
            change(id, guild, event(id, known ? "GUILD_ROLE_UPDATE" : "GUILD_ROLE_CREATE", guild.role(role)));
        }
    }

    private void channel(long id, Truth guild) {
        long channel = id + 10 + random.nextInt(5);
        if (guild.channels.containsKey(channel) && random.nextBoolean()) {
            guild.channels.remove(channel);
            guild.channelNames.remove(channel);
            change(
                    id,
                    guild,
                    event(id, "CHANNEL_DELETE", Truth.channelGone(channel)).setPayload(named(channel, id)));
        } else {
            boolean known = guild.channels.containsKey(channel);
            guild.channels.putIfAbsent(channel, List.of());
            guild.channelNames.put(channel, "c" + ++numbers);
            change(
                    id,
                    guild,
                    event(id, known ? "CHANNEL_UPDATE" : "CHANNEL_CREATE", guild.channel(channel))
                            .setPayload(named(guild, channel, id)));
        }
    }

    private void overwrite(long id) {
        var guild = truth(id);
        if (guild.channels.isEmpty()) {
            return;
        }
        long channel = any(guild.channels.keySet());
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
            overwrites.add(overwrite(any(users), false, random.nextBoolean()));
        }
        guild.channels.put(channel, List.copyOf(overwrites));
        change(id, guild, event(id, "CHANNEL_UPDATE", guild.channel(channel)).setPayload(named(guild, channel, id)));
    }

    private static Overwrite overwrite(long id, boolean role, boolean allow) {
        return Overwrite.newBuilder()
                .setId(id)
                .setRole(role)
                .setAllow(allow ? VIEW : 0)
                .setDeny(allow ? 0 : VIEW)
                .build();
    }

    private void change(long id, Truth guild, GuildEvent.Builder event) {
        if (away) {
            guild.dirty = true;
        } else {
            publishers.queue(
                    id, List.of(GuildRecord.newBuilder().setEvent(event).build()));
        }
    }

    /// Publishes a guild whole; further changes may come before its end.
    private void document(long id) {
        var guild = truth(id);
        guild.dirty = false;
        var records = documentOf(id, guild);
        var parts = new ArrayList<>(records.subList(0, records.size() - 1));
        publishers.queue(id, parts);
        for (int i = random.nextInt(4) - 1; i > 0; i--) {
            long user = any(users);
            membership(id, guild, user, guild.members.containsKey(user) && random.nextBoolean());
        }
        publishers.queue(id, List.of(records.getLast()));
    }

    private List<GuildRecord> documentOf(long id, Truth guild) {
        String version = "v" + ++documents;
        return guild.document(id, version, documents > guilds.size() && !guilds.isEmpty() ? random : null);
    }

    /// The backend publishes again, and whole what changed meanwhile.
    void comeBack() {
        away = false;
        guilds.forEach((id, guild) -> {
            if (guild.dirty) {
                document(id);
            }
        });
    }

    // ---- publishing

    boolean idle() {
        return publishers.idle();
    }

    /// One step of the publishers.
    void publish() {
        publishers.publish();
    }

    // ---- records

    private GuildEvent.Builder event(long id, String type, Mutation mutation) {
        return GuildEvent.newBuilder()
                .setGuildId(id)
                .setType(type)
                .setMembers(Members.getDefaultInstance())
                .setIntents(Intents.GUILDS)
                .setMutation(mutation)
                .setPayload(payload(++numbers, id, 0, ""));
    }

    private static ByteString payload(long n, long guild, long channel, String content) {
        return ByteString.copyFromUtf8("{\"n\":" + n + ",\"guild_id\":\"" + guild + "\","
                + (channel == 0 ? "" : "\"channel_id\":\"" + channel + "\",") + "\"content\":\"" + content + "\"}");
    }

    private ByteString named(Truth guild, long channel, long id) {
        return ByteString.copyFromUtf8("{\"n\":" + ++numbers + ",\"guild_id\":\"" + id + "\",\"id\":\"" + channel
                + "\",\"name\":\"" + guild.channelNames.get(channel) + "\"}");
    }

    private ByteString named(long channel, long id) {
        return ByteString.copyFromUtf8(
                "{\"n\":" + ++numbers + ",\"guild_id\":\"" + id + "\",\"id\":\"" + channel + "\",\"name\":\"\"}");
    }

    private <T> T any(java.util.Collection<T> all) {
        int index = random.nextInt(all.size());
        for (var each : all) {
            if (index-- == 0) {
                return each;
            }
        }
        throw new IllegalStateException("nothing to choose from");
    }
}
