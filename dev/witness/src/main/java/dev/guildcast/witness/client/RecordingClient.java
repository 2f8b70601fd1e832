package dev.guildcast.witness.client;

import dev.guildcast.witness.Account;
import dev.guildcast.witness.Recording;

/// A client that logs in, stays connected, and records what it receives.
public interface RecordingClient extends AutoCloseable {
    Account account();

    Recording recording();

    /// Starts to connect; returns at once.
    void start();

    /// Ends the session with a close frame, and stops the client's threads.
    @Override
    void close();
}
