package dev.guildcast.shard.kafka;

import dev.guildcast.contract.Topics;
import java.time.Duration;
import java.util.Map;

/// How a node reaches Kafka.
///
/// @param bootstrapServers host:port, comma-separated
/// @param topics names and prefix of the installation
/// @param linger how long a send waits for company; 0–1 ms where the broker is embedded, 2–5 ms in clusters: fewer,
///     larger requests against latency
/// @param readAheadBytes bytes of one log read ahead of its shard's loop
/// @param extra client properties for security and the like; they win over nothing that the rules need
public record KafkaSettings(
        String bootstrapServers, Topics topics, Duration linger, int readAheadBytes, Map<String, String> extra) {

    public KafkaSettings {
        extra = Map.copyOf(extra);
        if (readAheadBytes < 1) {
            throw new IllegalArgumentException("readAheadBytes " + readAheadBytes + " (expected: at least 1)");
        }
    }

    public static KafkaSettings of(String bootstrapServers, Topics topics) {
        return new KafkaSettings(bootstrapServers, topics, Duration.ofMillis(1), 8 << 20, Map.of());
    }
}
