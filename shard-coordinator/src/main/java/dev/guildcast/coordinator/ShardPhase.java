package dev.guildcast.coordinator;

/// Where a shard stands between two owners.
public enum ShardPhase {
    /// No owner, and none chosen.
    UNASSIGNED,
    /// Its owner works.
    ACTIVE,
    /// Its owner works on while another node follows.
    DRAINING,
    /// A claim was ordered and has not been reported live.
    TRANSFERRING
}
