package dev.guildcast.session.node;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/// Ready means that this node may be assigned shards and that Kafka can be reached.
final class NodeHealth implements HealthIndicator {
    private final SessionNode node;
    private final BooleanSupplier kafkaReachable;

    NodeHealth(SessionNode node, BooleanSupplier kafkaReachable) {
        this.node = node;
        this.kafkaReachable = kafkaReachable;
    }

    @Override
    public Health health() {
        var notReadyReason = Optional.ofNullable(node.notReadyReason());
        boolean kafka = kafkaReachable.getAsBoolean();
        return (notReadyReason.isEmpty() && kafka ? Health.up() : Health.outOfService())
                .withDetail("registration", notReadyReason.orElse("accepted"))
                .withDetail("kafka", kafka ? "answers" : "does not answer")
                .build();
    }
}
