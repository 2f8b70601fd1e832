package dev.guildcast.coordinator.endpoint;

import dev.guildcast.coordinator.Leader;
import dev.guildcast.coordinator.replica.CoordinatorReplica;
import dev.guildcast.shard.installation.NodeIdentity;
import java.time.Duration;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.grpc.server.lifecycle.GrpcServerStartedEvent;

/// Starts the replica once its port is known, and closes it before the server stops, so that its nodes are sent to the
/// next leader.
final class GrpcReplicaLifecycle {
    /// Long enough for a mismatch to fail the start; without Kafka the replica keeps trying in the background.
    private static final Duration INITIALIZATION_TIMEOUT = Duration.ofSeconds(10);

    private final CoordinatorReplica replica;
    private final NodeIdentity identity;

    GrpcReplicaLifecycle(CoordinatorReplica replica, NodeIdentity identity) {
        this.replica = replica;
        this.identity = identity;
    }

    @EventListener
    void onStarted(GrpcServerStartedEvent event) {
        replica.start(new Leader(identity.id(), identity.address(event.getPort())));
        replica.awaitInitialized(INITIALIZATION_TIMEOUT);
    }

    @EventListener
    void onClosing(ContextClosedEvent event) {
        replica.close();
    }
}
