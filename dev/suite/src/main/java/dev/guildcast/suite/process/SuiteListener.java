package dev.guildcast.suite.process;

import java.time.Duration;

/// Hears what happens to service instances; called on their threads, must not block for long.
public interface SuiteListener {
    /// The state of an instance is another one now.
    void onState(ServiceStatus status);

    /// An instance ended by itself, or was killed.
    ///
    /// @param why the last words of its log, or what else is known, in one line
    /// @param pause until it is started again
    void onEnded(ServiceStatus status, String why, Duration pause);
}
