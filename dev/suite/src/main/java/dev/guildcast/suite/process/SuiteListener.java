package dev.guildcast.suite.process;

import java.time.Duration;

/// Receives the changes of service instances; called on their threads, must not block for long.
public interface SuiteListener {
    /// The state of an instance has changed.
    void onState(ServiceStatus status);

    /// An instance ended by itself, or was killed.
    ///
    /// @param reason the relevant line of its log, or another one-line reason
    /// @param backoff until it is restarted
    void onEnded(ServiceStatus status, String reason, Duration backoff);
}
