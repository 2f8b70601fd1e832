package dev.guildcast.fanout.delivery;

/// Counters of the shard machines, beside those that every shard has. Called on the shard's loop; must be cheap.
public interface FanoutCounters {
    FanoutCounters NONE = new FanoutCounters() {};

    /// A record for a session shard was emitted.
    ///
    /// @param recipients sessions named in it
    default void onDelivery(int recipients) {}

    /// A publication was a duplicate and changed nothing.
    default void onDuplicatePublication() {}

    /// A guild was too large for a GUILD_CREATE; the session was sent that it is unavailable.
    default void onGuildTooLarge() {}

    /// A typing event was too old to be delivered.
    default void onTypingDropped() {}
}
