package dev.guildcast.shard;

/// What a process counts. Called on the shard's loop; cheap.
public interface ShardCounters {
    ShardCounters NONE = new ShardCounters() {};

    default void onApplied() {}

    /// A record whose origin had come before.
    default void onRepeat() {}

    /// A record whose predecessor never came: its sender died, and a successor sends again.
    default void onGap() {}

    /// An ephemeral output that came again or from an old view, or a record that the logs behind were too slow for.
    default void onEphemeralDropped() {}

    /// An ephemeral record that a newer one stood in for.
    default void onEphemeralCoalesced() {}

    default void onDeadLetter() {}

    default void onSent() {}

    default void onCheckpoint() {}
}
