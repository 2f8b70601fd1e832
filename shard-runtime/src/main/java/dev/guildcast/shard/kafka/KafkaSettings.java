package dev.guildcast.shard.kafka;

import dev.guildcast.contract.Topics;
import java.time.Duration;
import java.util.Map;

/// How a node reaches Kafka.
///
/// @param bootstrapServers host:port, comma-separated
/// @param topics names and prefix of the installation
/// @param linger how long a send waits for more records; 0–1 ms with an embedded broker, 2–5 ms in clusters: longer
///     means fewer and larger requests, and more latency
/// @param readAheadBytes bytes of one log read ahead of its shard's loop
/// @param extra further client properties, for instance for security; they never override those that the delivery
///     guarantees need
public record KafkaSettings(
        String bootstrapServers, Topics topics, Duration linger, int readAheadBytes, Map<String, String> extra) {

    public KafkaSettings {
        extra = Map.copyOf(extra);
        if (readAheadBytes < 1) {
            throw new IllegalArgumentException("readAheadBytes " + readAheadBytes + " (expected: at least 1)");
        }
    }

    /// The largest record: a smaller read-ahead could not hold it.
    private static final int READ_AHEAD_BYTES = 8 << 20;

    /// With 1 ms of linger, which lets records of one turn of a loop share a request.
    public static KafkaSettings of(String bootstrapServers, Topics topics) {
        return of(bootstrapServers, topics, Duration.ofMillis(1));
    }

    /// With the default read-ahead and no further client properties.
    public static KafkaSettings of(String bootstrapServers, Topics topics, Duration linger) {
        return new KafkaSettings(bootstrapServers, topics, linger, READ_AHEAD_BYTES, Map.of());
    }
}
