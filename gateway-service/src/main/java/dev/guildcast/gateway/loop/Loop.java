package dev.guildcast.gateway.loop;

import java.time.Duration;
import java.util.concurrent.Executor;

/// An event loop: the single thread that owns a connection. Connections on the same thread have equal loops.
public interface Loop extends Executor {
    /// Runs `task` on the loop after `delay`, unless it is cancelled first.
    Timer schedule(Runnable task, Duration delay);

    /// A scheduled task.
    interface Timer {
        /// Has no effect once the task has run. Call it on the loop only.
        void cancel();
    }
}
