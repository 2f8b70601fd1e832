package dev.guildcast.coordinator.shard;

import dev.guildcast.coordinator.InstallationProperties;
import dev.guildcast.coordinator.Leader;
import dev.guildcast.coordinator.replica.CoordinatorReplica;
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
    private final InstallationProperties installation;

    GrpcReplicaLifecycle(CoordinatorReplica replica, InstallationProperties installation) {
        this.replica = replica;
        this.installation = installation;
    }

    @EventListener
    void onStarted(GrpcServerStartedEvent event) {
        var configured = installation.node().address();
        var address = configured == null || configured.isBlank() ? "127.0.0.1:" + event.getPort() : configured;
        replica.start(new Leader(installation.idOrNew(), address));
        replica.awaitInitialized(INITIALIZATION_TIMEOUT);
    }

    @EventListener
    void onClosing(ContextClosedEvent event) {
        replica.close();
    }
}
