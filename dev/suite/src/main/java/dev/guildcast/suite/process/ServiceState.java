package dev.guildcast.suite.process;

import java.util.Locale;

/// Where a service instance stands.
public enum ServiceState {
    /// Not started yet: what it needs is not ready.
    WAITING,
    /// Its process runs and has not said that it serves, or its health has not been good yet.
    STARTING,
    READY,
    /// It was ready, its process lives, and its health is not good.
    UNHEALTHY,
    /// It ended, and is started again after a pause.
    BACKING_OFF,
    STOPPED;

    /// As in `status --json`.
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
