package dev.guildcast.shard;

import dev.guildcast.shard.storage.EphemeralReader;

/// Counters of a shard's process. Called on the shard's loop, except where stated; must not block.
public interface ShardCounters {
    ShardCounters NONE = new ShardCounters() {};

    default void onApplied() {}

    /// A record of another shard that was accepted before.
    default void onDuplicate() {}

    /// A record of another shard whose predecessor is missing: its sender died, and a successor will send both again.
    default void onGap() {}

    /// An ephemeral record that was a duplicate or outdated, or that a congested outbox had no room for.
    default void onEphemeralDropped() {}

    /// An ephemeral record that a newer one with the same key replaced.
    default void onEphemeralCoalesced() {}

    /// Records of the ephemeral lane that could not be read; mostly none. Called with every tick.
    default void onEphemeralSkipped(EphemeralReader.Skipped skipped) {}

    default void onDeadLetter() {}

    /// A dead letter that could not be stored. Called on any thread.
    default void onDeadLetterLost() {}

    default void onSent() {}

    default void onCheckpoint() {}
}
