package dev.guildcast.session.node;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/// Ready: this node may be given shards, and the logs can be reached.
final class NodeHealth implements HealthIndicator {
    private final SessionNode node;
    private final BooleanSupplier kafkaReachable;

    NodeHealth(SessionNode node, BooleanSupplier kafkaReachable) {
        this.node = node;
        this.kafkaReachable = kafkaReachable;
    }

    @Override
    public Health health() {
        var obstacle = Optional.ofNullable(node.obstacle());
        boolean kafka = kafkaReachable.getAsBoolean();
        return (obstacle.isEmpty() && kafka ? Health.up() : Health.outOfService())
                .withDetail("registration", obstacle.orElse("accepted"))
                .withDetail("kafka", kafka ? "answers" : "does not answer")
                .build();
    }
}
