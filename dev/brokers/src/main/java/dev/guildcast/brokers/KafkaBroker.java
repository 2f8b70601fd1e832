package dev.guildcast.brokers;

/// A Kafka that answers, wherever it runs.
public interface KafkaBroker extends AutoCloseable {
    /// `host:port`, for `bootstrap.servers`.
    String bootstrap();

    /// Stops the broker and forgets its data.
    @Override
    void close();
}
