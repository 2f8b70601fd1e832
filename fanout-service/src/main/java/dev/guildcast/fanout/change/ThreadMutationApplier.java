package dev.guildcast.fanout.change;

import dev.guildcast.event.v1.ThreadMembersChange;
import dev.guildcast.fanout.audience.Scope;
import dev.guildcast.fanout.audience.VisibilityClass;
import dev.guildcast.fanout.payload.EventPayloads;
import dev.guildcast.fanout.view.Channel;
import dev.guildcast.fanout.view.GuildView;
import dev.guildcast.fanout.view.RecordRejectedException;
import dev.guildcast.shard.Outputs;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Adds users to threads and removes them: membership decides who sees a private thread.
///
/// Users who newly see it receive THREAD_CREATE before the update; removed users still receive the update.
final class ThreadMutationApplier {
    private final GuildContext guild;
    private final GuildView view;
    private final EventPayloads payloads;
    private final long nowMillis;
    private final Outputs out;

    ThreadMutationApplier(GuildContext guild, EventPayloads payloads, long nowMillis, Outputs out) {
        this.guild = guild;
        this.view = guild.view();
        this.payloads = payloads;
        this.nowMillis = nowMillis;
        this.out = out;
    }

    void apply(ThreadMembersChange change, ChangeEmitter emitter) {
        Channel before = view.channel(change.getThreadId());
        if (before == null) {
            throw new RecordRejectedException("unknown thread " + Long.toUnsignedString(change.getThreadId()));
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
        String type = emitter.upsertEventType(
                "THREAD_MEMBERS_UPDATE", "THREAD_MEMBERS_UPDATE", true, !added.isEmpty() || !removed.isEmpty());
        if (before.privateThread()) {
            for (long user : new TreeSet<>(added)) {
                if (sees(user, after) && !sees(user, before)) {
                    guild.eventEmitter()
                            .emitDerived(
                                    out,
                                    "THREAD_CREATE",
                                    payloads.threadForNewMember(after, user, nowMillis),
                                    new Scope.Only(Set.of(user)));
                }
            }
        }
        if (type != null) {
            emitter.emit(
                    type,
                    new Scope.Either(new Scope.Viewers(after), new Scope.Viewers(before)),
                    () -> payloads.threadMembers(after, added, removed, nowMillis));
        }
    }

    private boolean sees(long user, Channel thread) {
        @Nullable VisibilityClass of = guild.audience().classOf(user);
        return of != null && new Scope.Viewers(thread).includes(user, of);
    }
}
