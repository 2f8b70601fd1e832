package dev.guildcast.brokers;

/// A running Kafka, embedded or in a container.
public interface KafkaBroker extends AutoCloseable {
    /// `host:port`, for `bootstrap.servers`.
    String bootstrap();

    /// Stops the broker and forgets its data.
    @Override
    void close();
}
