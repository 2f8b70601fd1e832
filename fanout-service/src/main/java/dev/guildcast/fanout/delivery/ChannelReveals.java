package dev.guildcast.fanout.delivery;

import dev.guildcast.fanout.audience.Audience;
import dev.guildcast.fanout.audience.Scope;
import dev.guildcast.fanout.audience.Shifts;
import dev.guildcast.fanout.audience.Sight;
import dev.guildcast.fanout.audience.VisibilityClass;
import dev.guildcast.fanout.event.Channel;
import dev.guildcast.fanout.event.GuildView;
import dev.guildcast.fanout.event.JsonText;
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

/// Tells who gains a channel (CHANNEL_CREATE, and THREAD_LIST_SYNC where it has threads to show) and who loses one
/// (CHANNEL_DELETE), after roles, overwrites, members or the owner changed.
public final class ChannelReveals {
    /// To whom something happened: classes but for the users who moved, and some of those.
    private static final class Concerned {
        private final Set<VisibilityClass> classes = new TreeSet<>();
        private final Set<Long> users = new TreeSet<>();
    }

    private final GuildView view;
    private final Audience audience;
    private final Announcer announcer;

    public ChannelReveals(GuildView view, Audience audience, Announcer announcer) {
        this.view = view;
        this.audience = audience;
        this.announcer = announcer;
    }

    /// Who gained a channel by these shifts.
    public static Scope gainers(Shifts shifts, long channel) {
        Concerned gained = collect(shifts, Sight::gained).getOrDefault(channel, new Concerned());
        return scope(gained, shifts);
    }

    /// @param before the channel that changed, as it was; a loser is told of it so
    /// @param announced a channel whose coming or going is told by an event of its own; 0: none
    public void tell(Outputs out, Shifts shifts, @Nullable Channel before, long announced) {
        if (shifts.isEmpty()) {
            return;
        }
        collect(shifts, Sight::lost).forEach((id, losers) -> {
            Channel channel = before != null && before.id() == id ? before : view.channel(id);
            if (id != announced && channel != null) {
                announcer.structure(out, "CHANNEL_DELETE", text(channel), scope(losers, shifts));
            }
        });
        var gained = collect(shifts, Sight::gained);
        for (long id : categoriesFirst(gained.keySet())) {
            Channel channel = view.channel(id);
            Concerned gainers = gained.get(id);
            if (id != announced && channel != null && gainers != null) {
                announcer.structure(out, "CHANNEL_CREATE", text(channel), scope(gainers, shifts));
                syncThreads(out, id, gainers, shifts);
            }
        }
        collect(shifts, Sight::threadsLost).forEach((id, losers) -> hideThreads(out, id, losers, shifts));
        collect(shifts, Sight::threadsGained).forEach((id, gainers) -> syncThreads(out, id, gainers, shifts));
    }

    /// The object of THREAD_DELETE.
    public static byte[] deletedThread(Channel thread, long guildId) {
        return new JsonText()
                .open('{')
                .name("id")
                .id(thread.id())
                .name("guild_id")
                .id(guildId)
                .name("parent_id")
                .id(thread.parentId())
                .name("type")
                .number(thread.type())
                .close('}')
                .toBytes();
    }

    private byte[] text(Channel channel) {
        var out = new JsonText();
        EntityText.channel(out, channel, view.id());
        return out.toBytes();
    }

    private static Map<Long, Concerned> collect(Shifts shifts, BiFunction<Sight, Sight, List<Long>> difference) {
        var concerned = new TreeMap<Long, Concerned>();
        for (Shifts.OfClass each : shifts.classes()) {
            difference
                    .apply(each.before(), each.after())
                    .forEach(id -> concerned
                            .computeIfAbsent(id, ignored -> new Concerned())
                            .classes
                            .add(each.who()));
        }
        for (Shifts.OfUser each : shifts.users()) {
            difference
                    .apply(each.before(), each.after())
                    .forEach(id -> concerned
                            .computeIfAbsent(id, ignored -> new Concerned())
                            .users
                            .add(each.user()));
        }
        return concerned;
    }

    private static Scope scope(Concerned concerned, Shifts shifts) {
        var without = new HashSet<>(shifts.moved());
        without.removeAll(concerned.users);
        return new Scope.Picked(concerned.classes, without, concerned.users);
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

    private void hideThreads(Outputs out, long parent, Concerned losers, Shifts shifts) {
        for (Channel thread : threadsOf(parent)) {
            if (thread.privateThread()) {
                announcer.structure(
                        out,
                        "THREAD_DELETE",
                        deletedThread(thread, view.id()),
                        new Scope.Except(scope(losers, shifts), new Scope.Viewers(thread)));
            }
        }
    }

    /// Those who see the same threads are told in one go.
    private void syncThreads(Outputs out, long parent, Concerned gainers, Shifts shifts) {
        List<Channel> threads = threadsOf(parent);
        if (threads.isEmpty()) {
            return;
        }
        Set<Long> singles = new TreeSet<>(gainers.users);
        for (Channel thread : threads) {
            if (thread.privateThread()) {
                for (long user : thread.threadMembers()) {
                    VisibilityClass of = audience.classOf(user);
                    if (of != null
                            && gainers.classes.contains(of)
                            && !shifts.moved().contains(user)) {
                        singles.add(user);
                    }
                }
            }
        }
        Map<List<Channel>, Concerned> same = new LinkedHashMap<>();
        for (VisibilityClass each : gainers.classes) {
            List<Channel> seen = threads.stream()
                    .filter(thread -> new Scope.Viewers(thread).meets(each))
                    .toList();
            same.computeIfAbsent(seen, ignored -> new Concerned()).classes.add(each);
        }
        for (long user : singles) {
            VisibilityClass of = audience.classOf(user);
            if (of != null) {
                List<Channel> seen = threads.stream()
                        .filter(thread -> new Scope.Viewers(thread).meets(user, of))
                        .toList();
                same.computeIfAbsent(seen, ignored -> new Concerned()).users.add(user);
            }
        }
        var apart = new HashSet<>(shifts.moved());
        apart.addAll(singles);
        same.forEach((seen, concerned) -> {
            if (!seen.isEmpty()) {
                var without = new HashSet<>(apart);
                without.removeAll(concerned.users);
                announcer.structure(
                        out,
                        "THREAD_LIST_SYNC",
                        threadList(parent, seen),
                        new Scope.Picked(concerned.classes, without, concerned.users));
            }
        });
    }

    private List<Channel> threadsOf(long parent) {
        return view.channels().values().stream()
                .filter(each -> each.thread() && !each.archived() && each.parentId() == parent)
                .toList();
    }

    private byte[] threadList(long parent, List<Channel> threads) {
        var out = new JsonText()
                .open('{')
                .name("guild_id")
                .id(view.id())
                .name("channel_ids")
                .open('[')
                .id(parent)
                .close(']')
                .name("threads")
                .open('[');
        threads.forEach(thread -> EntityText.channel(out, thread, view.id()));
        return out.close(']').name("members").open('[').close(']').close('}').toBytes();
    }
}
