package dev.guildcast.coordinator.topics;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// How topics are created. Existing topics must match.
///
/// @param replication copies of each partition; 1 loses everything with its broker and is for laptops and tests
/// @param minInsync copies that must have a record before it is acknowledged; with `replication` 3, 2 survives the
///     loss of a broker without losing a record or stopping
/// @param logRetention retention of the guild and user logs; all hosts of a shard may be down that long. Longer costs
///     disk
/// @param sessionRetention retention of the session logs, which hold every delivery; a resume reads at most the resume
///     window
/// @param sessionSize size of one session log at most, whichever limit comes first; bounds the disk of a log that many
///     deliveries fill, and must hold the resume window
/// @param patience time for Kafka to answer about its topics; longer waits out a slow start of the brokers, shorter
///     reports that they are away sooner
@ConfigurationProperties("coordinator.topics")
public record TopicProperties(
        @DefaultValue("3") short replication,
        @DefaultValue("2") int minInsync,
        @DefaultValue("24h") Duration logRetention,
        @DefaultValue("6h") Duration sessionRetention,
        @DefaultValue("20GB") DataSize sessionSize,
        @DefaultValue("15s") Duration patience) {
    public TopicProperties {
        if (replication < 1) {
            throw new IllegalArgumentException(
                    "coordinator.topics.replication " + replication + " (expected: at least 1)");
        }
        if (minInsync < 1 || minInsync > replication) {
            throw new IllegalArgumentException("coordinator.topics.min-insync " + minInsync
                    + " (expected: between 1 and coordinator.topics.replication, " + replication + ")");
        }
    }

    /// The settings for a single broker.
    public static TopicProperties single() {
        return new TopicProperties(
                (short) 1,
                1,
                Duration.ofHours(24),
                Duration.ofHours(6),
                DataSize.ofGigabytes(20),
                Duration.ofSeconds(15));
    }
}
