package dev.guildcast.fanout.audience;

import dev.guildcast.contract.Permissions;
import dev.guildcast.fanout.view.Channel;
import dev.guildcast.fanout.view.GuildView;
import java.util.Arrays;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// The subscribed members that see the same channels, and their sessions by session shard.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** one for each set of roles among subscribed members, and one for each member with its own visibility.
public final class VisibilityClass implements Comparable<VisibilityClass> {
    private final ClassKey key;
    private final TreeMap<Integer, SessionList> shards = new TreeMap<>();
    private int sessions;
    private long guildPermissions;
    private long[] visible = {};
    private long[] permissions = {};

    VisibilityClass(ClassKey key) {
        this.key = key;
    }

    ClassKey key() {
        return key;
    }

    /// Identity of the class within its guild, stable while its members see the same.
    public Object identity() {
        return key;
    }

    /// Whether a channel that is no thread is visible.
    public boolean sees(long channel) {
        return Arrays.binarySearch(visible, channel) >= 0;
    }

    /// Permissions in the guild (0) or in a channel that is no thread.
    long permissions(long channel) {
        if (channel == 0) {
            return guildPermissions;
        }
        int at = Arrays.binarySearch(visible, channel);
        return at < 0 ? 0 : permissions[at];
    }

    /// Whether private threads of a channel are visible without membership.
    public boolean managesThreads(long channel) {
        return (permissions(channel) & Permissions.MANAGE_THREADS) != 0;
    }

    VisibleChannels visibleChannels() {
        long[] manages = Arrays.stream(visible).filter(this::managesThreads).toArray();
        return new VisibleChannels(visible, manages);
    }

    /// Recomputes the visible channels and their permissions.
    void recompute(GuildView view) {
        guildPermissions =
                PermissionRules.inGuild(view, key.soleUser(), key.roles(), PermissionRules.StepListener.NONE);
        long[] seen = new long[view.channels().size()];
        long[] held = new long[seen.length];
        int count = 0;
        for (Channel channel : view.channels().values()) {
            if (!channel.thread()) {
                long bits = PermissionRules.inChannel(
                        view, key.soleUser(), key.roles(), channel, PermissionRules.StepListener.NONE);
                if (bits != 0) {
                    seen[count] = channel.id();
                    held[count++] = bits;
                }
            }
        }
        visible = Arrays.copyOf(seen, count);
        permissions = Arrays.copyOf(held, count);
    }

    void add(Subscription session) {
        shards.computeIfAbsent(session.shard(), ignored -> new SessionList()).add(session);
        sessions++;
    }

    void remove(Subscription session) {
        SessionList list = shards.get(session.shard());
        if (list != null) {
            list.remove(session);
            sessions--;
            if (list.isEmpty()) {
                shards.remove(session.shard());
            }
        }
    }

    boolean isEmpty() {
        return sessions == 0;
    }

    SortedMap<Integer, SessionList> shards() {
        return Collections.unmodifiableSortedMap(shards);
    }

    @Override
    public int compareTo(VisibilityClass other) {
        return key.compareTo(other.key);
    }

    @Override
    public boolean equals(@org.jspecify.annotations.Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return key.hashCode();
    }
}
