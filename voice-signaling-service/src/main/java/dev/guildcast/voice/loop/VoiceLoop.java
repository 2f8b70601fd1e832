package dev.guildcast.voice.signaling;

import java.time.Clock;
import reactor.core.scheduler.Scheduler;

/// The thread that owns the state of voice signaling, with its clock and the order of each guild's tasks.
///
/// @param scheduler of one thread
/// @param taskQueues run on the scheduler
record VoiceLoop(Clock clock, Scheduler scheduler, GuildTaskQueues taskQueues) {
    VoiceLoop(Clock clock, Scheduler scheduler) {
        this(clock, scheduler, new GuildTaskQueues(scheduler));
    }
}
