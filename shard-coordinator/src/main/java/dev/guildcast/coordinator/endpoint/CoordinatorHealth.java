package dev.guildcast.coordinator.endpoint;

import dev.guildcast.coordinator.Leader;
import dev.guildcast.coordinator.map.ShardMapPublisher;
import dev.guildcast.coordinator.replica.CoordinatorReplica;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/// Ready if a leader is known, the topics are as planned and the configuration is accepted. Not part of liveness.
final class CoordinatorHealth implements HealthIndicator {
    private final CoordinatorReplica replica;
    private final ShardMapPublisher publisher;

    CoordinatorHealth(CoordinatorReplica replica, ShardMapPublisher publisher) {
        this.replica = replica;
        this.publisher = publisher;
    }

    @Override
    public Health health() {
        var configurationError = replica.configurationError();
        if (configurationError.isPresent()) {
            return Health.down().withDetail("refused", configurationError.get()).build();
        }
        var state = publisher.state();
        var leader = replica.leader().map(Leader::address);
        var health = leader.isPresent() && state.topicsReady() ? Health.up() : Health.outOfService();
        return health.withDetail("leader", leader.orElse("unknown"))
                .withDetail("leading", replica.isLeading())
                .withDetail("topics", state.topicsReady() ? "as planned" : "not there yet")
                .withDetail("revision", state.revision())
                .build();
    }
}
