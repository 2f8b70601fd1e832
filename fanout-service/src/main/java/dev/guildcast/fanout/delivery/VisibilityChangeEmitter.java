package dev.guildcast.fanout.delivery;

import dev.guildcast.contract.catalogue.EventCatalogue;
import dev.guildcast.fanout.audience.Audience;
import dev.guildcast.fanout.audience.Scope;
import dev.guildcast.fanout.audience.VisibilityChanges;
import dev.guildcast.fanout.audience.VisibilityClass;
import dev.guildcast.fanout.audience.VisibleChannels;
import dev.guildcast.fanout.payload.EventPayloads;
import dev.guildcast.fanout.view.Channel;
import dev.guildcast.fanout.view.GuildView;
import dev.guildcast.fanout.view.VoiceState;
import dev.guildcast.shard.Outputs;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// Emits changes of channel visibility after roles, overwrites, members or the owner changed: CHANNEL_CREATE to those
/// who gain a channel, with THREAD_LIST_SYNC where it has visible threads, and CHANNEL_DELETE to those who lose one.
/// The voice states in the channel follow it: those who lose it receive departures, those who gain it the states.
public final class VisibilityChangeEmitter {
    /// The recipients of one change: classes without their moved users, and single moved users.
    private static final class Affected {
        private final Set<VisibilityClass> classes = new TreeSet<>();
        private final Set<Long> users = new TreeSet<>();
    }

    private final GuildView view;
    private final Audience audience;
    private final EventEmitter emitter;
    private final EventPayloads payloads;
    private final Set<Long> namedByGuild = new TreeSet<>();
    /// The structure version at which they were collected.
    private long namedAtVersion = -1;

    public VisibilityChangeEmitter(GuildView view, Audience audience, EventEmitter emitter) {
        this.view = view;
        this.audience = audience;
        this.emitter = emitter;
        this.payloads = new EventPayloads(view);
    }

    /// The users who gained a channel by these changes.
    public static Scope gainers(VisibilityChanges changes, long channel) {
        Affected gained = collect(changes, VisibleChannels::gained).getOrDefault(channel, new Affected());
        return scope(gained, changes);
    }

    /// @param before the changed channel as it was, which is what those who lose it are shown
    /// @param reportedChannel a channel whose creation or removal another event already covers; 0: none
    public void emit(Outputs out, VisibilityChanges changes, @Nullable Channel before, long reportedChannel) {
        if (changes.isEmpty()) {
            return;
        }
        collect(changes, VisibleChannels::lost).forEach((id, losers) -> {
            Channel channel = before != null && before.id() == id ? before : view.channel(id);
            if (id != reportedChannel && channel != null) {
                emitDepartures(out, id, scope(losers, changes));
                emitter.emitDerived(out, "CHANNEL_DELETE", payloads.channel(channel), scope(losers, changes));
            }
        });
        var gained = collect(changes, VisibleChannels::gained);
        for (long id : categoriesFirst(gained.keySet())) {
            Channel channel = view.channel(id);
            Affected gainers = gained.get(id);
            if (id != reportedChannel && channel != null && gainers != null) {
                emitter.emitDerived(out, "CHANNEL_CREATE", payloads.channel(channel), scope(gainers, changes));
                emitThreadListSync(out, id, gainers, changes);
                for (VoiceState state : voiceStatesIn(id)) {
                    emitVoiceState(out, state, id, scope(gainers, changes));
                }
            }
        }
        emitReferencesTo(out, gained, changes);
        collect(changes, VisibleChannels::threadsLost)
                .forEach((id, losers) -> emitThreadDeletes(out, id, losers, changes));
        collect(changes, VisibleChannels::threadsGained)
                .forEach((id, gainers) -> emitThreadListSync(out, id, gainers, changes));
    }

    /// Emits what names a gained channel to those who were shown `null` instead: the guild, and a category's channels.
    private void emitReferencesTo(Outputs out, Map<Long, Affected> gained, VisibilityChanges changes) {
        for (var each : gained.entrySet()) {
            Channel channel = view.channel(each.getKey());
            if (channel != null && channel.category()) {
                emitChannelsOf(out, channel, scope(each.getValue(), changes), gained, changes);
            }
        }
        Scope shownNull = null;
        for (long id : channelsNamedByGuild()) {
            Affected gainers = gained.get(id);
            if (gainers != null) {
                Scope scope = scope(gainers, changes);
                shownNull = shownNull == null ? scope : new Scope.Either(shownNull, scope);
            }
        }
        if (shownNull != null) {
            emitter.emitDerived(out, "GUILD_UPDATE", payloads.guild(), shownNull);
        }
    }

    private void emitChannelsOf(
            Outputs out, Channel category, Scope gainers, Map<Long, Affected> gained, VisibilityChanges changes) {
        for (Channel child : view.channels().values()) {
            if (!child.thread() && child.parentId() == category.id()) {
                Affected created = gained.getOrDefault(child.id(), new Affected());
                Scope viewers = new Scope.Except(new Scope.Viewers(child), scope(created, changes));
                emitter.emitDerived(out, "CHANNEL_UPDATE", payloads.channel(child), new Scope.Both(gainers, viewers));
            }
        }
    }

    private Set<Long> channelsNamedByGuild() {
        if (namedAtVersion != view.structureVersion()) {
            namedByGuild.clear();
            EventCatalogue.concealments("GUILD_UPDATE", payloads.guild())
                    .forEach(part -> namedByGuild.add(part.getChannelId()));
            namedAtVersion = view.structureVersion();
        }
        return namedByGuild;
    }

    /// A user who loses the channel that it is in keeps its own state: it is connected until it leaves.
    private void emitDepartures(Outputs out, long channel, Scope losers) {
        for (VoiceState state : voiceStatesIn(channel)) {
            emitVoiceState(out, state, 0, new Scope.Except(losers, new Scope.Only(Set.of(state.userId()))));
        }
    }

    private void emitVoiceState(Outputs out, VoiceState state, long shownChannel, Scope scope) {
        emitter.emitDerived(out, "VOICE_STATE_UPDATE", payloads.voiceState(state, shownChannel), scope);
    }

    private List<VoiceState> voiceStatesIn(long channel) {
        return view.voiceStates().values().stream()
                .filter(state -> state.channelId() == channel)
                .toList();
    }

    private static Map<Long, Affected> collect(
            VisibilityChanges changes, BiFunction<VisibleChannels, VisibleChannels, List<Long>> difference) {
        var affected = new TreeMap<Long, Affected>();
        for (VisibilityChanges.ClassChange each : changes.classes()) {
            difference
                    .apply(each.before(), each.after())
                    .forEach(id -> affected.computeIfAbsent(id, ignored -> new Affected())
                            .classes
                            .add(each.visibilityClass()));
        }
        for (VisibilityChanges.UserChange each : changes.users()) {
            difference
                    .apply(each.before(), each.after())
                    .forEach(id -> affected.computeIfAbsent(id, ignored -> new Affected())
                            .users
                            .add(each.user()));
        }
        return affected;
    }

    private static Scope scope(Affected affected, VisibilityChanges changes) {
        var without = new HashSet<>(changes.movedUsers());
        without.removeAll(affected.users);
        return new Scope.ClassesAndUsers(affected.classes, without, affected.users);
    }

    private List<Long> categoriesFirst(Set<Long> ids) {
        var first = new ArrayList<Long>();
        var then = new ArrayList<Long>();
        for (long id : ids) {
            Channel channel = view.channel(id);
            (channel != null && channel.category() ? first : then).add(id);
        }
        first.addAll(then);
        return first;
    }

    private void emitThreadDeletes(Outputs out, long parent, Affected losers, VisibilityChanges changes) {
        for (Channel thread : threadsOf(parent)) {
            if (thread.privateThread()) {
                emitter.emitDerived(
                        out,
                        "THREAD_DELETE",
                        payloads.threadGone(thread),
                        new Scope.Except(scope(losers, changes), new Scope.Viewers(thread)));
            }
        }
    }

    /// Users who see the same threads share one event.
    private void emitThreadListSync(Outputs out, long parent, Affected gainers, VisibilityChanges changes) {
        List<Channel> threads = threadsOf(parent);
        if (threads.isEmpty()) {
            return;
        }
        Set<Long> individualUsers = new TreeSet<>(gainers.users);
        for (Channel thread : threads) {
            if (thread.privateThread()) {
                for (long user : thread.threadMembers()) {
                    VisibilityClass of = audience.classOf(user);
                    if (of != null
                            && gainers.classes.contains(of)
                            && !changes.movedUsers().contains(user)) {
                        individualUsers.add(user);
                    }
                }
            }
        }
        Map<List<Channel>, Affected> audienceByThreads = new LinkedHashMap<>();
        for (VisibilityClass each : gainers.classes) {
            List<Channel> visibleThreads = threads.stream()
                    .filter(thread -> new Scope.Viewers(thread).includes(each))
                    .toList();
            audienceByThreads
                    .computeIfAbsent(visibleThreads, ignored -> new Affected())
                    .classes
                    .add(each);
        }
        for (long user : individualUsers) {
            VisibilityClass of = audience.classOf(user);
            if (of != null) {
                List<Channel> visibleThreads = threads.stream()
                        .filter(thread -> new Scope.Viewers(thread).includes(user, of))
                        .toList();
                audienceByThreads
                        .computeIfAbsent(visibleThreads, ignored -> new Affected())
                        .users
                        .add(user);
            }
        }
        var separateUsers = new HashSet<>(changes.movedUsers());
        separateUsers.addAll(individualUsers);
        audienceByThreads.forEach((visibleThreads, affected) -> {
            if (!visibleThreads.isEmpty()) {
                var without = new HashSet<>(separateUsers);
                without.removeAll(affected.users);
                emitter.emitDerived(
                        out,
                        "THREAD_LIST_SYNC",
                        payloads.threadListSync(parent, visibleThreads),
                        new Scope.ClassesAndUsers(affected.classes, without, affected.users));
            }
        });
    }

    private List<Channel> threadsOf(long parent) {
        return view.channels().values().stream()
                .filter(each -> each.thread() && !each.archived() && each.parentId() == parent)
                .toList();
    }
}
