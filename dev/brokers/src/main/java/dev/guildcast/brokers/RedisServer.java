package dev.guildcast.brokers;

/// A running Redis, embedded or in a container, with the handles for a test that makes it fail.
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

    /// Starts the server again, empty, and returns when it accepts requests. Without effect while it runs.
    void start();

    /// Stops the server for good.
    @Override
    void close();
}
