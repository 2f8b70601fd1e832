package dev.guildcast.voice.loop;

import java.time.Clock;
import java.util.function.LongSupplier;
import reactor.core.scheduler.Scheduler;

/// The thread that owns the state of voice signaling, with its clocks and the order of each guild's tasks.
///
/// @param wallClock for what leaves the process, such as the expiry of a token
/// @param nanoTime for durations within the process
/// @param scheduler of one thread
/// @param taskQueues run on the scheduler
public record VoiceLoop(Clock wallClock, LongSupplier nanoTime, Scheduler scheduler, GuildTaskQueues taskQueues) {
    public VoiceLoop(Clock wallClock, LongSupplier nanoTime, Scheduler scheduler) {
        this(wallClock, nanoTime, scheduler, new GuildTaskQueues(scheduler));
    }
}
