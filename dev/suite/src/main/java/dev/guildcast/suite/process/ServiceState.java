package dev.guildcast.suite.process;

import java.util.Locale;

/// The state of a service instance.
public enum ServiceState {
    /// Not started yet: its dependencies are not ready.
    WAITING,
    /// Its process runs and has not reported that it serves, or no health probe has succeeded yet.
    STARTING,
    READY,
    /// It was ready, its process runs, and its health probe fails.
    UNHEALTHY,
    /// It ended, and is restarted after a delay.
    BACKING_OFF,
    STOPPED;

    /// As in `status --json`.
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
