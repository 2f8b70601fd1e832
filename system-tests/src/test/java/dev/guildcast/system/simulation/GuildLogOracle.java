package dev.guildcast.system.simulation;

import com.google.protobuf.ByteString;
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

/// The oracle for guild events: reads one guild shard's log from its beginning without failures, and computes for each
/// session what it must have received.
final class GuildLogOracle {
    /// @param offset in the guild's log
    record Expectation(long offset, String text) {}

    private record OriginPosition(long offset, int index) {}

    final TreeMap<Long, OracleGuild> guilds = new TreeMap<>();
    /// By session and guild.
    final Map<String, List<Expectation>> expected = new HashMap<>();
    /// Offsets of events that a session would have received, had it been subscribed while its user was a member.
    final Map<String, List<Long>> unsubscribedOffsets = new HashMap<>();
    /// Offsets at which users left, by user and guild.
    final Map<String, List<Long>> departures = new HashMap<>();
    /// Member requests that reached the log, by nonce, and their order.
    final Map<Long, Integer> memberRequests = new HashMap<>();
    final List<Long> memberRequestOrder = new ArrayList<>();

    private final Map<String, OracleGuild.Subscriber> subscribers;
    private final Map<ShardId, OriginPosition> positions = new HashMap<>();
    private final Set<String> published = new HashSet<>();
    private long offset;

    /// @param subscribers every session that a client ever had
    GuildLogOracle(Map<String, OracleGuild.Subscriber> subscribers) {
        this.subscribers = subscribers;
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
            var before = positions.getOrDefault(source, new OriginPosition(-1, -1));
            if (compare(before, origin.getPrevOffset(), origin.getPrevIndex()) < 0
                    || compare(before, origin.getOffset(), origin.getIndex()) >= 0) {
                return;
            }
            positions.put(source, new OriginPosition(origin.getOffset(), origin.getIndex()));
        }
        switch (record.getRecordCase()) {
            case EVENT -> {
                if (isFirstCopy(
                        record.getEvent().hasPublication(), record.getEvent().getPublication())) {
                    applyEvent(record.getEvent());
                }
            }
            case DOCUMENT_PART -> {
                var part = record.getDocumentPart();
                if (isFirstCopy(part.hasPublication(), part.getPublication())) {
                    var guild = guilds.computeIfAbsent(part.getGuildId(), id -> new OracleGuild());
                    if (!guild.snapshotVersion.equals(part.getVersion())) {
                        guild.snapshotVersion = part.getVersion();
                        guild.namedInSnapshot.clear();
                    }
                    part.getMutationsList().forEach(each -> applyMutation(part.getGuildId(), guild, each, null));
                }
            }
            case DOCUMENT_END -> {
                var end = record.getDocumentEnd();
                if (isFirstCopy(end.hasPublication(), end.getPublication())) {
                    applySnapshotEnd(end.getGuildId(), guilds.get(end.getGuildId()), end.getVersion());
                }
            }
            case SUBSCRIBE -> {
                var subscribe = record.getSubscribe();
                var guild = guilds.get(subscribe.getGuildId());
                String session = record.getOrigin().getShard() + "@" + subscribe.getSessionOffset();
                if (guild != null
                        && guild.members.containsKey(subscribe.getUserId())
                        && !guild.subscribers.containsKey(session)) {
                    var subscriber = new OracleGuild.Subscriber(
                            session, subscribe.getUserId(), subscribe.getIntents(), subscribe.getContent());
                    guild.subscribers.put(session, subscriber);
                    if (subscriber.hasAnyIntent(Intents.GUILDS)) {
                        var roles = new TreeMap<Long, String>();
                        guild.roles.forEach((id, bits) -> roles.put(id, Long.toUnsignedString(bits)));
                        expect(
                                session,
                                subscribe.getGuildId(),
                                DispatchText.formatGuildCreate(
                                        subscribe.getGuildId(),
                                        guild.name,
                                        guild.visibleChannels(subscribe.getUserId()),
                                        roles));
                    }
                }
            }
            case UNSUBSCRIBE -> {
                var guild = guilds.get(record.getUnsubscribe().getGuildId());
                if (guild != null) {
                    guild.subscribers.remove(record.getOrigin().getShard() + "@"
                            + record.getUnsubscribe().getSessionOffset());
                }
            }
            case MEMBERS_REQUEST -> {
                var request = record.getMembersRequest();
                long nonce = Long.parseLong(request.getNonce());
                memberRequests.merge(nonce, 1, Integer::sum);
                memberRequestOrder.add(nonce);
                String session = record.getOrigin().getShard() + "@" + request.getSessionOffset();
                var guild = guilds.get(request.getGuildId());
                if (guild != null && guild.subscribers.containsKey(session)) {
                    expect(session, request.getGuildId(), "GUILD_MEMBERS_CHUNK " + nonce);
                }
            }
            default -> {}
        }
    }

    private static int compare(OriginPosition position, long offset, int index) {
        return position.offset != offset
                ? Long.compare(position.offset, offset)
                : Integer.compare(position.index, index);
    }

    private boolean isFirstCopy(boolean hasPublication, Publication publication) {
        return !hasPublication
                || published.add(
                        publication.getPublisher() + "/" + publication.getSequence() + "/" + publication.getPart());
    }

    private void expect(String session, long guild, String text) {
        expected.computeIfAbsent(key(session, guild), each -> new ArrayList<>()).add(new Expectation(offset, text));
    }

    private void applyEvent(GuildEvent event) {
        var guild = guilds.get(event.getGuildId());
        if (guild == null || event.getType().equals(FaultyMachine.POISON)) {
            return;
        }
        if (event.hasMutation()) {
            applyMutation(event.getGuildId(), guild, event.getMutation(), event);
        } else if (event.hasChannelId()) {
            if (guild.channels.containsKey(event.getChannelId())) {
                emit(
                        event.getGuildId(),
                        guild,
                        event.getType(),
                        "",
                        event,
                        user -> guild.canView(user, event.getChannelId()));
            }
        } else {
            emit(event.getGuildId(), guild, event.getType(), "", event, user -> true);
        }
    }

    /// Emits the event's payload, or one derived by the shard.
    private void emit(
            long id,
            OracleGuild guild,
            String type,
            String derivedText,
            @Nullable GuildEvent event,
            LongPredicate visibleTo) {
        long intents = event == null ? DerivedEvents.intents(type) : event.getIntents();
        for (var subscriber : subscribers.values()) {
            if (!guild.members.containsKey(subscriber.user()) || !visibleTo.test(subscriber.user())) {
                continue;
            }
            boolean self = event == null
                    ? DerivedEvents.subjectUser(type, derivedText) == subscriber.user()
                    : event.getSelfUsersList().contains(subscriber.user())
                            && subscriber.hasAnyIntent(event.getSelfIntents());
            if (!subscriber.hasAnyIntent(intents) && !self) {
                continue;
            }
            if (!guild.subscribers.containsKey(subscriber.session())) {
                unsubscribedOffsets
                        .computeIfAbsent(key(subscriber.session(), id), each -> new ArrayList<>())
                        .add(offset);
                continue;
            }
            if (event == null) {
                expect(subscriber.session(), id, derivedText);
            } else {
                boolean full = event.getPayloadRedacted().isEmpty()
                        || subscriber.messageContent()
                        || event.getFullRecipientsList().contains(subscriber.user());
                expect(
                        subscriber.session(),
                        id,
                        type + " " + (full ? event.getPayload() : redacted(event, subscriber.user())).toStringUtf8());
            }
        }
    }

    private static ByteString redacted(GuildEvent event, long user) {
        for (var variant : event.getContentVariantsList()) {
            if (variant.getUsersList().contains(user)) {
                return variant.getPayload();
            }
        }
        return event.getPayloadRedacted();
    }

    /// @param event null if the change is part of a snapshot
    private void applyMutation(long id, OracleGuild guild, Mutation mutation, @Nullable GuildEvent event) {
        Map<Long, TreeMap<Long, String>> before = new HashMap<>();
        guild.subscribers.values().forEach(each -> before.computeIfAbsent(each.user(), guild::visibleChannels));
        Map<Long, String> beforeNames = new HashMap<>();
        guild.channels.forEach((channel, of) -> beforeNames.put(channel, of.name()));
        long announcedChannel = 0;
        switch (mutation.getChangeCase()) {
            case GUILD -> {
                var upsert = mutation.getGuild();
                String name = DerivedEvents.fieldText(upsert.getFieldsList(), "name");
                boolean known = !guild.name.isEmpty();
                boolean changed = !name.equals(guild.name);
                guild.name = name;
                guild.owner = upsert.getOwnerId();
                if (known && (event != null || changed)) {
                    emit(id, guild, "GUILD_UPDATE", DispatchText.format("GUILD_UPDATE", id, name), event, user -> true);
                }
            }
            case ROLE -> {
                var upsert = mutation.getRole();
                String name = DerivedEvents.fieldText(upsert.getFieldsList(), "name");
                var bits = guild.roles.put(upsert.getId(), upsert.getPermissions());
                boolean changed = bits == null
                        || bits != upsert.getPermissions()
                        || !name.equals(guild.roleNames.get(upsert.getId()));
                guild.roleNames.put(upsert.getId(), name);
                guild.namedInSnapshot.add("role " + upsert.getId());
                String type =
                        DerivedEvents.type("GUILD_ROLE_CREATE", "GUILD_ROLE_UPDATE", bits != null, changed, event);
                if (!type.isEmpty()) {
                    emit(
                            id,
                            guild,
                            type,
                            DispatchText.format(type, upsert.getId(), Long.toUnsignedString(upsert.getPermissions())),
                            event,
                            user -> true);
                }
            }
            case ROLE_GONE -> {
                long role = mutation.getRoleGone().getId();
                emit(
                        id,
                        guild,
                        "GUILD_ROLE_DELETE",
                        DispatchText.format("GUILD_ROLE_DELETE", role, ""),
                        event,
                        user -> true);
                guild.roles.remove(role);
                guild.roleNames.remove(role);
                guild.namedInSnapshot.remove("role " + role);
                guild.members.values().forEach(member -> member.roles().remove(role));
            }
            case CHANNEL -> {
                var upsert = mutation.getChannel();
                var now = new OracleGuild.ChannelEntry(
                        DerivedEvents.fieldText(upsert.getFieldsList(), "name"), upsert.getOverwritesList());
                var known = guild.channels.put(upsert.getId(), now);
                guild.namedInSnapshot.add("channel " + upsert.getId());
                String type = DerivedEvents.type(
                        "CHANNEL_CREATE", "CHANNEL_UPDATE", known != null, known == null || !known.equals(now), event);
                if (known == null) {
                    announcedChannel = upsert.getId();
                }
                if (!type.isEmpty()) {
                    // Members who see it only from now on receive a CHANNEL_CREATE derived by the shard.
                    emit(
                            id,
                            guild,
                            type,
                            DispatchText.format(type, upsert.getId(), now.name()),
                            event,
                            user -> guild.canView(user, upsert.getId())
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
                announcedChannel = channel;
                emit(
                        id,
                        guild,
                        "CHANNEL_DELETE",
                        DispatchText.format("CHANNEL_DELETE", channel, gone.name()),
                        event,
                        user -> guild.canView(user, channel));
                guild.channels.remove(channel);
                guild.namedInSnapshot.remove("channel " + channel);
            }
            case MEMBER -> {
                var upsert = mutation.getMember();
                var now = new OracleGuild.MemberEntry(
                        new TreeSet<>(upsert.getRolesList()), DerivedEvents.fieldText(upsert.getFieldsList(), "nick"));
                var known = guild.members.put(upsert.getUserId(), now);
                guild.namedInSnapshot.add("member " + upsert.getUserId());
                String type = DerivedEvents.type(
                        "GUILD_MEMBER_ADD",
                        "GUILD_MEMBER_UPDATE",
                        known != null,
                        known == null || !known.equals(now),
                        event);
                if (!type.isEmpty()) {
                    emit(
                            id,
                            guild,
                            type,
                            DispatchText.format(type, upsert.getUserId(), now.nick()),
                            event,
                            // A joining user is already a member here, but its sessions subscribe only afterwards.
                            user -> known != null || user != upsert.getUserId());
                }
            }
            case MEMBER_GONE -> {
                long user = mutation.getMemberGone().getUserId();
                if (guild.members.remove(user) == null) {
                    return;
                }
                guild.namedInSnapshot.remove("member " + user);
                guild.subscribers.values().removeIf(each -> each.user() == user);
                departures
                        .computeIfAbsent(user + " " + id, each -> new ArrayList<>())
                        .add(offset);
                emit(
                        id,
                        guild,
                        "GUILD_MEMBER_REMOVE",
                        DispatchText.format("GUILD_MEMBER_REMOVE", user, ""),
                        event,
                        other -> true);
            }
            default -> throw new IllegalStateException("the backend does not publish " + mutation.getChangeCase());
        }
        emitVisibilityChanges(id, guild, before, beforeNames, announcedChannel);
    }

    private void emitVisibilityChanges(
            long id,
            OracleGuild guild,
            Map<Long, TreeMap<Long, String>> before,
            Map<Long, String> beforeNames,
            long announcedChannel) {
        for (var subscriber : List.copyOf(guild.subscribers.values())) {
            if (!subscriber.hasAnyIntent(Intents.GUILDS)) {
                continue;
            }
            var visibleBefore = before.getOrDefault(subscriber.user(), new TreeMap<>());
            var visibleNow = guild.visibleChannels(subscriber.user());
            visibleBefore.keySet().forEach(channel -> {
                if (!visibleNow.containsKey(channel) && channel != announcedChannel) {
                    expect(
                            subscriber.session(),
                            id,
                            DispatchText.format("CHANNEL_DELETE", channel, String.valueOf(beforeNames.get(channel))));
                }
            });
            visibleNow.forEach((channel, name) -> {
                if (!visibleBefore.containsKey(channel) && channel != announcedChannel) {
                    expect(subscriber.session(), id, DispatchText.format("CHANNEL_CREATE", channel, name));
                }
            });
        }
    }

    private void applySnapshotEnd(long id, OracleGuild guild, String version) {
        if (!guild.snapshotVersion.equals(version)) {
            return;
        }
        for (long user : List.copyOf(guild.members.keySet())) {
            if (!guild.namedInSnapshot.contains("member " + user)) {
                applyMutation(id, guild, BackendGuild.memberRemoval(user), null);
            }
        }
        for (long channel : List.copyOf(guild.channels.keySet())) {
            if (!guild.namedInSnapshot.contains("channel " + channel)) {
                applyMutation(id, guild, BackendGuild.channelRemoval(channel), null);
            }
        }
        for (long role : List.copyOf(guild.roles.keySet())) {
            if (role != id && !guild.namedInSnapshot.contains("role " + role)) {
                applyMutation(id, guild, BackendGuild.roleRemoval(role), null);
            }
        }
        guild.snapshotVersion = "";
    }
}
