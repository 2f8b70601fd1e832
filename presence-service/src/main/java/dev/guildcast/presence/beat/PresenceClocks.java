package dev.guildcast.presence.beat;

import java.time.Clock;

/// The clocks of the presence loop.
///
/// @param elapsed monotonic: decides who is alive, and when something is due; a step of the machine's clock changes it
///     not
/// @param wall for times that users are shown only
record PresenceClocks(Clock elapsed, Clock wall) {}
