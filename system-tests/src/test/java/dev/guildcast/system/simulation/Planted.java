package dev.guildcast.system.simulation;

/// Protections that a run can do without, so that it is seen to notice. Each is doctored around production code: by
/// what stands between it and the simulation.
public enum Planted {
    /// Only what differs from the state restored or last written goes into a checkpoint.
    CHECKPOINT_BY_DIFFERENCE,
    /// A session shard unsubscribes sessions whose user left the guild.
    UNSUBSCRIBE_ON_LEAVE,
    /// A gateway forwards what comes without looking at its sequence.
    NO_SEQUENCE_CHECK,
    /// A desk says no before it knows what stands in the log.
    NEGATIVE_BEFORE_LOG_END,
    /// A record that cannot be applied leaves no mark in the chain.
    MARK_NOT_ADVANCED_AT_A_THROW,
    /// A document's end does not know what was published since its first part.
    DOCUMENT_END_REMOVES_WHAT_CAME_SINCE
}
