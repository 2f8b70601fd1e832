package dev.guildcast.session.node;

import dev.guildcast.shard.node.ServiceNode;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/// Ready means that this node may be assigned shards and that Kafka can be reached.
final class NodeHealth implements HealthIndicator {
    private final ServiceNode node;
    private final BooleanSupplier coordinatorReached;
    private final BooleanSupplier kafkaReachable;

    NodeHealth(ServiceNode node, BooleanSupplier coordinatorReached, BooleanSupplier kafkaReachable) {
        this.node = node;
        this.coordinatorReached = coordinatorReached;
        this.kafkaReachable = kafkaReachable;
    }

    @Override
    public Health health() {
        var notReadyReason = Optional.ofNullable(node.notReadyReason())
                .or(() -> coordinatorReached.getAsBoolean()
                        ? Optional.empty()
                        : Optional.of("the coordinator has not been reached yet"));
        boolean kafka = kafkaReachable.getAsBoolean();
        return (notReadyReason.isEmpty() && kafka ? Health.up() : Health.outOfService())
                .withDetail("registration", notReadyReason.orElse("accepted"))
                .withDetail("kafka", kafka ? "answers" : "does not answer")
                .build();
    }
}
