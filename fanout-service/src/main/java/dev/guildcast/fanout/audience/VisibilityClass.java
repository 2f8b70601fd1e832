package dev.guildcast.fanout.audience;

import dev.guildcast.contract.Permissions;
import dev.guildcast.fanout.event.Channel;
import dev.guildcast.fanout.event.GuildView;
import java.util.Arrays;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// The subscribed members that see the same channels, and their sessions by session shard.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** one for each set of roles among subscribed members, and one for each of these that views alone.
public final class VisibilityClass implements Comparable<VisibilityClass> {
    private final ClassKey key;
    private final TreeMap<Integer, SessionList> shards = new TreeMap<>();
    private int sessions;
    private long inGuild;
    private long[] visible = {};
    private long[] permissions = {};

    VisibilityClass(ClassKey key) {
        this.key = key;
    }

    ClassKey key() {
        return key;
    }

    /// Names the class within its guild while its members see what they see.
    public Object identity() {
        return key;
    }

    /// Whether channels, no threads, are visible.
    public boolean sees(long channel) {
        return Arrays.binarySearch(visible, channel) >= 0;
    }

    /// Permissions in the guild (0) or in a channel that is no thread.
    public long permissions(long channel) {
        if (channel == 0) {
            return inGuild;
        }
        int at = Arrays.binarySearch(visible, channel);
        return at < 0 ? 0 : permissions[at];
    }

    /// Whether private threads of a channel are visible without membership.
    public boolean managesThreads(long channel) {
        return (permissions(channel) & Permissions.MANAGE_THREADS) != 0;
    }

    Sight sight() {
        long[] manages = Arrays.stream(visible).filter(this::managesThreads).toArray();
        return new Sight(visible, manages);
    }

    /// Computes anew what is visible.
    void look(GuildView view) {
        inGuild = PermissionRules.inGuild(view, key.alone(), key.roles(), PermissionRules.Steps.NONE);
        long[] seen = new long[view.channels().size()];
        long[] held = new long[seen.length];
        int count = 0;
        for (Channel channel : view.channels().values()) {
            if (!channel.thread()) {
                long bits =
                        PermissionRules.inChannel(view, key.alone(), key.roles(), channel, PermissionRules.Steps.NONE);
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
