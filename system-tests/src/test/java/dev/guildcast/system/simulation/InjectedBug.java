package dev.guildcast.system.simulation;

/// Bugs that a run can inject to show that the simulator detects them. Each removes a protection outside of production
/// code, in an adapter between it and the simulator.
public enum InjectedBug {
    /// A checkpoint contains only what differs from the state that was restored or last written.
    CHECKPOINT_BY_DIFFERENCE,
    /// A session shard unsubscribes sessions whose user left the guild.
    UNSUBSCRIBE_ON_LEAVE,
    /// A gateway forwards dispatches without verifying their sequence.
    NO_SEQUENCE_CHECK,
    /// A session host rejects a request before it has read its log to the end.
    REJECT_BEFORE_READ_BARRIER,
    /// A record that cannot be applied does not advance the position of its source.
    POSITION_NOT_ADVANCED_ON_FAILURE,
    /// The end of a snapshot also removes entities that were published after its first part.
    SNAPSHOT_END_REMOVES_LATER_ENTITIES,
    /// A gateway sends pings, but keeps streams on which nothing arrives. Matters where paths swallow packets.
    SILENCE_IGNORED
}
