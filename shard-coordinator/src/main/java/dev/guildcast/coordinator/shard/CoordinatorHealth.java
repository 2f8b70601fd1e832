package dev.guildcast.coordinator.shard;

import dev.guildcast.coordinator.Leader;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/// Ready when a leader is known, the topics are as planned and nothing is refused. Liveness does not ask here.
final class CoordinatorHealth implements HealthIndicator {
    private final CoordinatorReplica replica;
    private final ShardMapPublisher publisher;

    CoordinatorHealth(CoordinatorReplica replica, ShardMapPublisher publisher) {
        this.replica = replica;
        this.publisher = publisher;
    }

    @Override
    public Health health() {
        var refusal = replica.refusal();
        if (refusal.isPresent()) {
            return Health.down().withDetail("refused", refusal.get()).build();
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
