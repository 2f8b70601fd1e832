package dev.guildcast.gateway;

import java.time.Duration;
import java.util.concurrent.Executor;

/// The one thread that owns a connection. Two connections on the same thread have equal loops.
public interface Loop extends Executor {
    /// Runs `task` on the loop after `delay`, unless it is cancelled first.
    Timer schedule(Runnable task, Duration delay);

    /// A task that has yet to run.
    interface Timer {
        /// No-op once it has run. Only on the loop.
        void cancel();
    }
}
