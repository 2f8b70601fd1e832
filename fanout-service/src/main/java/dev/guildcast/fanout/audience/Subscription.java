package dev.guildcast.fanout.audience;

import dev.guildcast.event.v1.SubscriptionState;

/// One session subscribed to one guild's events.
///
/// @param shard index of the session shard
/// @param offset of the session's Open record there
/// @param content may read message content
public record Subscription(int shard, long offset, long userId, long intents, int largeThreshold, boolean content)
        implements Comparable<Subscription> {
    /// Whether the session holds one of these intents; true for 0.
    public boolean hasAnyIntent(long anyOf) {
        return anyOf == 0 || (intents & anyOf) != 0;
    }

    /// Whether the session holds all intents of one set, and none of another.
    boolean hasIntents(long with, long without) {
        return (intents & with) == with && (intents & without) == 0;
    }

    /// Key of the subscription among the guild's entities.
    String key() {
        return shard + "-" + offset;
    }

    SubscriptionState toState() {
        return SubscriptionState.newBuilder()
                .setShard(shard)
                .setOffset(offset)
                .setUserId(userId)
                .setIntents(intents)
                .setLargeThreshold(largeThreshold)
                .setContent(content)
                .build();
    }

    static Subscription of(SubscriptionState state) {
        return new Subscription(
                state.getShard(),
                state.getOffset(),
                state.getUserId(),
                state.getIntents(),
                state.getLargeThreshold(),
                state.getContent());
    }

    @Override
    public int compareTo(Subscription other) {
        int byShard = Integer.compare(shard, other.shard);
        return byShard != 0 ? byShard : Long.compare(offset, other.offset);
    }
}
