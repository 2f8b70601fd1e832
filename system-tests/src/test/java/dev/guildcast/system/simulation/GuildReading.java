package dev.guildcast.system.simulation;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.guildcast.contract.Intents;
import dev.guildcast.contract.ShardId;
import dev.guildcast.event.v1.GuildEvent;
import dev.guildcast.event.v1.GuildRecord;
import dev.guildcast.event.v1.Mutation;
import dev.guildcast.event.v1.Publication;
import dev.guildcast.shard.memory.MemoryLog;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/// One guild shard's log, read once from its beginning without failures, one session at a time: what each must have
/// been sent.
final class GuildReading {
    /// @param offset in the guild's log
    record Expected(long offset, String words) {}

    private record Seen(long offset, int index) {}

    final TreeMap<Long, ReadGuild> guilds = new TreeMap<>();
    /// By session and guild.
    final Map<String, List<Expected>> expected = new HashMap<>();
    /// Where a session would have been told something, had it been subscribed while its user was a member.
    final Map<String, List<Long>> holes = new HashMap<>();
    /// Where users left, by user and guild.
    final Map<String, List<Long>> left = new HashMap<>();
    /// Requests for members that reached the log, by nonce, and their order.
    final Map<Long, Integer> requests = new HashMap<>();
    final List<Long> requestOrder = new ArrayList<>();

    private final Map<String, ReadGuild.Listener> everyone;
    private final Map<ShardId, Seen> sources = new HashMap<>();
    private final Set<String> published = new HashSet<>();
    private long offset;

    /// @param everyone every session that any client ever had
    GuildReading(Map<String, ReadGuild.Listener> everyone) {
        this.everyone = everyone;
    }

    static String key(String session, long guild) {
        return session + " " + guild;
    }

    void read(MemoryLog log) {
        for (offset = 0; offset < log.end(); offset++) {
            try {
                read(GuildRecord.parseFrom(log.at(offset).record()));
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void read(GuildRecord record) {
        if (record.hasOrigin()) {
            var origin = record.getOrigin();
            var source = ShardId.of(origin.getKind(), origin.getShard());
            var before = sources.getOrDefault(source, new Seen(-1, -1));
            if (compare(before, origin.getPrevOffset(), origin.getPrevIndex()) < 0
                    || compare(before, origin.getOffset(), origin.getIndex()) >= 0) {
                return;
            }
            sources.put(source, new Seen(origin.getOffset(), origin.getIndex()));
        }
        switch (record.getRecordCase()) {
            case EVENT -> {
                if (first(record.getEvent().hasPublication(), record.getEvent().getPublication())) {
                    event(record.getEvent());
                }
            }
            case DOCUMENT_PART -> {
                var part = record.getDocumentPart();
                if (first(part.hasPublication(), part.getPublication())) {
                    var guild = guilds.computeIfAbsent(part.getGuildId(), id -> new ReadGuild());
                    if (!guild.document.equals(part.getVersion())) {
                        guild.document = part.getVersion();
                        guild.named.clear();
                    }
                    part.getMutationsList().forEach(each -> change(part.getGuildId(), guild, each, null));
                }
            }
            case DOCUMENT_END -> {
                var end = record.getDocumentEnd();
                if (first(end.hasPublication(), end.getPublication())) {
                    end(end.getGuildId(), guilds.get(end.getGuildId()), end.getVersion());
                }
            }
            case SUBSCRIBE -> {
                var subscribe = record.getSubscribe();
                var guild = guilds.get(subscribe.getGuildId());
                String session = record.getOrigin().getShard() + "@" + subscribe.getSessionOffset();
                if (guild != null
                        && guild.members.containsKey(subscribe.getUserId())
                        && !guild.subscribed.containsKey(session)) {
                    var listener = new ReadGuild.Listener(
                            session, subscribe.getUserId(), subscribe.getIntents(), subscribe.getContent());
                    guild.subscribed.put(session, listener);
                    if (listener.wants(Intents.GUILDS)) {
                        var roles = new TreeMap<Long, String>();
                        guild.roles.forEach((id, bits) -> roles.put(id, Long.toUnsignedString(bits)));
                        give(
                                session,
                                subscribe.getGuildId(),
                                Words.guildCreate(
                                        subscribe.getGuildId(),
                                        guild.name,
                                        guild.visible(subscribe.getUserId()),
                                        roles));
                    }
                }
            }
            case UNSUBSCRIBE -> {
                var guild = guilds.get(record.getUnsubscribe().getGuildId());
                if (guild != null) {
                    guild.subscribed.remove(record.getOrigin().getShard() + "@"
                            + record.getUnsubscribe().getSessionOffset());
                }
            }
            case MEMBERS_REQUEST -> {
                var request = record.getMembersRequest();
                long nonce = Long.parseLong(request.getNonce());
                requests.merge(nonce, 1, Integer::sum);
                requestOrder.add(nonce);
                String session = record.getOrigin().getShard() + "@" + request.getSessionOffset();
                var guild = guilds.get(request.getGuildId());
                if (guild != null && guild.subscribed.containsKey(session)) {
                    give(session, request.getGuildId(), "GUILD_MEMBERS_CHUNK " + nonce);
                }
            }
            default -> {}
        }
    }

    private static int compare(Seen seen, long offset, int index) {
        return seen.offset != offset ? Long.compare(seen.offset, offset) : Integer.compare(seen.index, index);
    }

    private boolean first(boolean marked, Publication publication) {
        return !marked
                || published.add(
                        publication.getPublisher() + "/" + publication.getSequence() + "/" + publication.getPart());
    }

    private void give(String session, long guild, String words) {
        expected.computeIfAbsent(key(session, guild), each -> new ArrayList<>()).add(new Expected(offset, words));
    }

    private void event(GuildEvent event) {
        var guild = guilds.get(event.getGuildId());
        if (guild == null || event.getType().equals(Throwing.POISON)) {
            return;
        }
        if (event.hasMutation()) {
            change(event.getGuildId(), guild, event.getMutation(), event);
        } else if (event.hasChannelId()) {
            if (guild.channels.containsKey(event.getChannelId())) {
                tell(
                        event.getGuildId(),
                        guild,
                        event.getType(),
                        "",
                        event,
                        user -> guild.sees(user, event.getChannelId()));
            }
        } else {
            tell(event.getGuildId(), guild, event.getType(), "", event, user -> true);
        }
    }

    /// Tells in the event's own words, or in those of the shard.
    private void tell(
            long id, ReadGuild guild, String type, String derived, @Nullable GuildEvent event, LongPredicate sight) {
        long intents = event == null ? DerivedWords.intents(type) : event.getIntents();
        for (var listener : everyone.values()) {
            if (!guild.members.containsKey(listener.user()) || !sight.test(listener.user())) {
                continue;
            }
            boolean self = event == null
                    ? DerivedWords.derivedSelf(type, derived) == listener.user()
                    : event.getSelfUsersList().contains(listener.user()) && listener.wants(event.getSelfIntents());
            if (!listener.wants(intents) && !self) {
                continue;
            }
            if (!guild.subscribed.containsKey(listener.session())) {
                holes.computeIfAbsent(key(listener.session(), id), each -> new ArrayList<>())
                        .add(offset);
                continue;
            }
            if (event == null) {
                give(listener.session(), id, derived);
            } else {
                boolean full = event.getPayloadRedacted().isEmpty()
                        || listener.content()
                        || event.getFullRecipientsList().contains(listener.user());
                give(
                        listener.session(),
                        id,
                        type + " " + (full ? event.getPayload() : event.getPayloadRedacted()).toStringUtf8());
            }
        }
    }

    /// @param event null when a document's part says it
    private void change(long id, ReadGuild guild, Mutation mutation, @Nullable GuildEvent event) {
        Map<Long, TreeMap<Long, String>> before = new HashMap<>();
        guild.subscribed.values().forEach(each -> before.computeIfAbsent(each.user(), guild::visible));
        Map<Long, String> beforeNames = new HashMap<>();
        guild.channels.forEach((channel, of) -> beforeNames.put(channel, of.name()));
        long announced = 0;
        switch (mutation.getChangeCase()) {
            case GUILD -> {
                var upsert = mutation.getGuild();
                String name = DerivedWords.text(upsert.getFieldsList(), "name");
                boolean known = !guild.name.isEmpty();
                boolean changed = !name.equals(guild.name);
                guild.name = name;
                guild.owner = upsert.getOwnerId();
                if (known && (event != null || changed)) {
                    tell(id, guild, "GUILD_UPDATE", Words.about("GUILD_UPDATE", id, name), event, user -> true);
                }
            }
            case ROLE -> {
                var upsert = mutation.getRole();
                String name = DerivedWords.text(upsert.getFieldsList(), "name");
                var bits = guild.roles.put(upsert.getId(), upsert.getPermissions());
                boolean changed = bits == null
                        || bits != upsert.getPermissions()
                        || !name.equals(guild.roleNames.get(upsert.getId()));
                guild.roleNames.put(upsert.getId(), name);
                guild.named.add("role " + upsert.getId());
                String type = DerivedWords.type("GUILD_ROLE_CREATE", "GUILD_ROLE_UPDATE", bits != null, changed, event);
                if (!type.isEmpty()) {
                    tell(
                            id,
                            guild,
                            type,
                            Words.about(type, upsert.getId(), Long.toUnsignedString(upsert.getPermissions())),
                            event,
                            user -> true);
                }
            }
            case ROLE_GONE -> {
                long role = mutation.getRoleGone().getId();
                tell(id, guild, "GUILD_ROLE_DELETE", Words.about("GUILD_ROLE_DELETE", role, ""), event, user -> true);
                guild.roles.remove(role);
                guild.roleNames.remove(role);
                guild.named.remove("role " + role);
                guild.members.values().forEach(member -> member.roles().remove(role));
            }
            case CHANNEL -> {
                var upsert = mutation.getChannel();
                var now = new ReadGuild.Chan(
                        DerivedWords.text(upsert.getFieldsList(), "name"), upsert.getOverwritesList());
                var known = guild.channels.put(upsert.getId(), now);
                guild.named.add("channel " + upsert.getId());
                String type = DerivedWords.type(
                        "CHANNEL_CREATE", "CHANNEL_UPDATE", known != null, known == null || !known.equals(now), event);
                if (known == null) {
                    announced = upsert.getId();
                }
                if (!type.isEmpty()) {
                    // Who sees it only from now on is told by a CHANNEL_CREATE of the shard's.
                    tell(
                            id,
                            guild,
                            type,
                            Words.about(type, upsert.getId(), now.name()),
                            event,
                            user -> guild.sees(user, upsert.getId())
                                    && (known == null
                                            || !before.containsKey(user)
                                            || before.get(user).containsKey(upsert.getId())));
                }
            }
            case CHANNEL_GONE -> {
                long channel = mutation.getChannelGone().getId();
                var gone = guild.channels.get(channel);
                if (gone == null) {
                    return;
                }
                announced = channel;
                tell(
                        id,
                        guild,
                        "CHANNEL_DELETE",
                        Words.about("CHANNEL_DELETE", channel, gone.name()),
                        event,
                        user -> guild.sees(user, channel));
                guild.channels.remove(channel);
                guild.named.remove("channel " + channel);
            }
            case MEMBER -> {
                var upsert = mutation.getMember();
                var now = new ReadGuild.Mem(
                        new TreeSet<>(upsert.getRolesList()), DerivedWords.text(upsert.getFieldsList(), "nick"));
                var known = guild.members.put(upsert.getUserId(), now);
                guild.named.add("member " + upsert.getUserId());
                String type = DerivedWords.type(
                        "GUILD_MEMBER_ADD",
                        "GUILD_MEMBER_UPDATE",
                        known != null,
                        known == null || !known.equals(now),
                        event);
                if (!type.isEmpty()) {
                    tell(
                            id,
                            guild,
                            type,
                            Words.about(type, upsert.getUserId(), now.nick()),
                            event,
                            // Whoever joins hears it as a member already; its sessions subscribe only afterwards.
                            user -> known != null || user != upsert.getUserId());
                }
            }
            case MEMBER_GONE -> {
                long user = mutation.getMemberGone().getUserId();
                if (guild.members.remove(user) == null) {
                    return;
                }
                guild.named.remove("member " + user);
                guild.subscribed.values().removeIf(each -> each.user() == user);
                left.computeIfAbsent(user + " " + id, each -> new ArrayList<>()).add(offset);
                tell(
                        id,
                        guild,
                        "GUILD_MEMBER_REMOVE",
                        Words.about("GUILD_MEMBER_REMOVE", user, ""),
                        event,
                        other -> true);
            }
            default -> throw new IllegalStateException("the backend does not publish " + mutation.getChangeCase());
        }
        reveal(id, guild, before, beforeNames, announced);
    }

    private void reveal(
            long id,
            ReadGuild guild,
            Map<Long, TreeMap<Long, String>> before,
            Map<Long, String> beforeNames,
            long announced) {
        for (var listener : List.copyOf(guild.subscribed.values())) {
            if (!listener.wants(Intents.GUILDS)) {
                continue;
            }
            var saw = before.getOrDefault(listener.user(), new TreeMap<>());
            var sees = guild.visible(listener.user());
            saw.keySet().forEach(channel -> {
                if (!sees.containsKey(channel) && channel != announced) {
                    give(
                            listener.session(),
                            id,
                            Words.about("CHANNEL_DELETE", channel, String.valueOf(beforeNames.get(channel))));
                }
            });
            sees.forEach((channel, name) -> {
                if (!saw.containsKey(channel) && channel != announced) {
                    give(listener.session(), id, Words.about("CHANNEL_CREATE", channel, name));
                }
            });
        }
    }

    private void end(long id, ReadGuild guild, String version) {
        if (!guild.document.equals(version)) {
            return;
        }
        for (long user : List.copyOf(guild.members.keySet())) {
            if (!guild.named.contains("member " + user)) {
                change(id, guild, Truth.memberGone(user), null);
            }
        }
        for (long channel : List.copyOf(guild.channels.keySet())) {
            if (!guild.named.contains("channel " + channel)) {
                change(id, guild, Truth.channelGone(channel), null);
            }
        }
        for (long role : List.copyOf(guild.roles.keySet())) {
            if (role != id && !guild.named.contains("role " + role)) {
                change(id, guild, Truth.roleGone(role), null);
            }
        }
        guild.document = "";
    }
}
