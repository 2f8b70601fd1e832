package dev.guildcast.fanout.shard;

import dev.guildcast.event.v1.ThreadMembersChange;
import dev.guildcast.fanout.audience.Scope;
import dev.guildcast.fanout.audience.VisibilityClass;
import dev.guildcast.fanout.event.Channel;
import dev.guildcast.fanout.event.GuildView;
import dev.guildcast.fanout.event.Refused;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Adds users to threads and removes them: membership decides who sees a private one.
///
/// Who comes to see it is sent THREAD_CREATE before the news; who was removed still hears that.
final class ThreadChanges {
    private final GuildState guild;
    private final GuildView view;
    private final Words words;
    private final long nowMillis;

    ThreadChanges(GuildState guild, Words words, long nowMillis) {
        this.guild = guild;
        this.view = guild.view();
        this.words = words;
        this.nowMillis = nowMillis;
    }

    void apply(ThreadMembersChange change, Teller teller) {
        Channel before = view.channel(change.getThreadId());
        if (before == null) {
            throw new Refused("unknown thread " + change.getThreadId());
        }
        Channel after = view.put(before, change);
        List<Long> added = change.getAddedList().stream()
                .filter(user -> !before.hasThreadMember(user))
                .sorted()
                .distinct()
                .toList();
        List<Long> removed = change.getRemovedList().stream()
                .filter(before::hasThreadMember)
                .sorted()
                .distinct()
                .toList();
        String type = teller.typeOfUpsert(
                "THREAD_MEMBERS_UPDATE", "THREAD_MEMBERS_UPDATE", true, !added.isEmpty() || !removed.isEmpty());
        if (before.privateThread()) {
            for (long user : new TreeSet<>(added)) {
                if (sees(user, after) && !sees(user, before)) {
                    teller.tellOwn(
                            "THREAD_CREATE", new Scope.Only(Set.of(user)), words.threadFor(after, user, nowMillis));
                }
            }
        }
        if (type != null) {
            teller.tell(
                    type,
                    new Scope.Either(new Scope.Viewers(after), new Scope.Viewers(before)),
                    () -> words.threadMembers(after, added, removed, nowMillis));
        }
    }

    private boolean sees(long user, Channel thread) {
        @Nullable VisibilityClass of = guild.audience().classOf(user);
        return of != null && new Scope.Viewers(thread).meets(user, of);
    }
}
