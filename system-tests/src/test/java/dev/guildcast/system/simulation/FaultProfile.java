package dev.guildcast.system.simulation;

/// The faults that one run injects more often: some protections matter only when several rare faults coincide.
///
/// A profile only changes frequencies: all other faults occur as well, and the same invariants hold.
enum FaultProfile {
    /// No fault in particular.
    NONE,
    /// Owners crash with outputs that a log did not accept, while a follower stands by.
    FOLLOWER_TAKEOVER,
    /// Owners fall behind or pause just as another replaces them, so that two consider themselves live.
    LINGERING_OWNERS,
    /// Session logs accept nothing for longer than the session timeout.
    STALLED_LOGS
}
