package dev.guildcast.shard;

/// The result of machines whose listeners need to know no more than the record that was applied.
public enum NoResult {
    NONE
}
