package dev.guildcast.coordinator;

/// The phase of a shard between two owners.
public enum ShardPhase {
    /// No owner, and none chosen.
    UNASSIGNED,
    /// It has an owner.
    ACTIVE,
    /// Its owner continues while another node follows.
    DRAINING,
    /// A node was directed to claim and has not reported the claim live.
    TRANSFERRING
}
