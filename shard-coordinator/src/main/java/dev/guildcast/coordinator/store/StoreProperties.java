package dev.guildcast.coordinator.store;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How replicas elect a leader, and how long Kafka may take.
///
/// @param sessionTimeout time without a heartbeat after which a leader is replaced; shorter replaces sooner, and
///     brokers accept no less than their own `group.min.session.timeout.ms`, 6 s by default
/// @param heartbeatEvery time between two heartbeats; at most a third of the session timeout
/// @param patience time for Kafka to commit a decision or to read the store; a leader that waits longer steps down
@ConfigurationProperties("coordinator.store")
public record StoreProperties(
        @DefaultValue("6s") Duration sessionTimeout,
        @DefaultValue("2s") Duration heartbeatEvery,
        @DefaultValue("10s") Duration patience) {
    public static final StoreProperties DEFAULT =
            new StoreProperties(Duration.ofSeconds(6), Duration.ofSeconds(2), Duration.ofSeconds(10));

    public StoreProperties {
        if (heartbeatEvery.toMillis() < 1 || heartbeatEvery.multipliedBy(3).compareTo(sessionTimeout) > 0) {
            throw new IllegalArgumentException("coordinator.store.heartbeat-every " + heartbeatEvery
                    + " (expected: at most a third of coordinator.store.session-timeout, " + sessionTimeout + ")");
        }
        if (patience.toSeconds() < 1) {
            throw new IllegalArgumentException("coordinator.store.patience " + patience + " (expected: at least 1s)");
        }
    }
}
