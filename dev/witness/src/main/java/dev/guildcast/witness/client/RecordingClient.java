package dev.guildcast.witness.client;

import dev.guildcast.witness.Account;
import dev.guildcast.witness.Recording;

/// A client that logs in, stays in, and records.
public interface RecordingClient extends AutoCloseable {
    Account account();

    Recording recording();

    /// Begins to connect; returns at once.
    void start();

    /// Ends the session with a close of its own, and whatever thread it has.
    @Override
    void close();
}
