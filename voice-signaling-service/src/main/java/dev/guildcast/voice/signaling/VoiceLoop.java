package dev.guildcast.voice.signaling;

import java.time.Clock;
import reactor.core.scheduler.Scheduler;

/// The thread that owns the state of voice signaling, with its clocks and the order of each guild's tasks.
///
/// @param clock monotonic: decides who is alive, and when something is due
/// @param wallClock for the expiry in tokens only, which voice servers verify
/// @param scheduler of one thread
/// @param taskQueues run on the scheduler
record VoiceLoop(Clock clock, Clock wallClock, Scheduler scheduler, GuildTaskQueues taskQueues) {
    VoiceLoop(Clock clock, Clock wallClock, Scheduler scheduler) {
        this(clock, wallClock, scheduler, new GuildTaskQueues(scheduler));
    }
}
