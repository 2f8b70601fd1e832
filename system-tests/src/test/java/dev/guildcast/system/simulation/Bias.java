package dev.guildcast.system.simulation;

/// What goes wrong more often than the rest in one run: some protections matter only where several rare things meet.
///
/// Each is a matter of frequency. Everything else happens as well, and the same invariants hold.
enum Bias {
    /// Nothing in particular.
    NONE,
    /// Owners die with outputs that a log would not take, while a follower stands by.
    FOLLOWERS_TAKE_OVER,
    /// Owners fall behind or pause just as another takes their place, so that two believe themselves live.
    OWNERS_LINGER,
    /// Session logs take nothing for longer than a session lives without a connection.
    LOGS_STALL
}
