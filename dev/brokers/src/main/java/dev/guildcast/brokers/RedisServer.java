package dev.guildcast.brokers;

/// A Redis that answers, wherever it runs, with the handles of a test that wants it to fail.
///
/// Host and port stay the same over [#stop] and [#start]. Calls come from one thread at a time.
public interface RedisServer extends AutoCloseable {
    String host();

    int port();

    /// Freezes the server: connections stay open, nothing is answered.
    void pause();

    /// Ends [#pause].
    void resume();

    /// Kills the server without notice: connections break, new ones are refused, all data is gone.
    void stop();

    /// Starts the server again, empty, and returns when it answers. Without effect while it runs.
    void start();

    /// Stops the server for good.
    @Override
    void close();
}
