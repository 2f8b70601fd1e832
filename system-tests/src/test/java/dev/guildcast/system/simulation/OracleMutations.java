package dev.guildcast.system.simulation;

import dev.guildcast.contract.Intents;
import dev.guildcast.event.v1.GuildEvent;
import dev.guildcast.event.v1.Mutation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Applies mutations and snapshots to the oracle's guilds, and says what they make sessions receive: the mutation's own
/// event, and the channels that a member gains or loses by it.
final class OracleMutations {
    private final OracleExpectations expectations;

    OracleMutations(OracleExpectations expectations) {
        this.expectations = expectations;
    }

    /// @param event null if the change is part of a snapshot
    void apply(long id, OracleGuild guild, Mutation mutation, @Nullable GuildEvent event) {
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
                    expectations.emit(
                            id,
                            guild,
                            "GUILD_UPDATE",
                            DispatchText.format("GUILD_UPDATE", id, name),
                            event,
                            user -> true);
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
                    expectations.emit(
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
                expectations.emit(
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
                    expectations.emit(
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
                expectations.emit(
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
                    expectations.emit(
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
                expectations.departed(user, id);
                expectations.emit(
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
                    expectations.expect(
                            subscriber.session(),
                            id,
                            DispatchText.format("CHANNEL_DELETE", channel, String.valueOf(beforeNames.get(channel))));
                }
            });
            visibleNow.forEach((channel, name) -> {
                if (!visibleBefore.containsKey(channel) && channel != announcedChannel) {
                    expectations.expect(subscriber.session(), id, DispatchText.format("CHANNEL_CREATE", channel, name));
                }
            });
        }
    }

    /// Removes what the snapshot of this version did not name, if it still is the newest.
    void endSnapshot(long id, OracleGuild guild, String version) {
        if (!guild.snapshotVersion.equals(version)) {
            return;
        }
        for (long user : List.copyOf(guild.members.keySet())) {
            if (!guild.namedInSnapshot.contains("member " + user)) {
                apply(id, guild, BackendGuild.memberRemoval(user), null);
            }
        }
        for (long channel : List.copyOf(guild.channels.keySet())) {
            if (!guild.namedInSnapshot.contains("channel " + channel)) {
                apply(id, guild, BackendGuild.channelRemoval(channel), null);
            }
        }
        for (long role : List.copyOf(guild.roles.keySet())) {
            if (role != id && !guild.namedInSnapshot.contains("role " + role)) {
                apply(id, guild, BackendGuild.roleRemoval(role), null);
            }
        }
        guild.snapshotVersion = "";
    }
}
