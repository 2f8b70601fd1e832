package dev.guildcast.coordinator.shard;

import dev.guildcast.coordinator.InstallationProperties;
import dev.guildcast.coordinator.Leader;
import java.time.Duration;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.grpc.server.lifecycle.GrpcServerStartedEvent;

/// Starts the replica once its port is known, and ends it before the server goes: its nodes then hear who leads next.
final class GrpcReplicaStart {
    /// A start that is refused says so; one without Kafka goes on waiting in the background.
    private static final Duration FIRST_LOOK = Duration.ofSeconds(10);

    private final CoordinatorReplica replica;
    private final InstallationProperties installation;

    GrpcReplicaStart(CoordinatorReplica replica, InstallationProperties installation) {
        this.replica = replica;
        this.installation = installation;
    }

    @EventListener
    void onStarted(GrpcServerStartedEvent event) {
        var configured = installation.node().address();
        var address = configured == null || configured.isBlank() ? "127.0.0.1:" + event.getPort() : configured;
        replica.start(new Leader(installation.idOrNew(), address));
        replica.awaitFirstLook(FIRST_LOOK);
    }

    @EventListener
    void onClosing(ContextClosedEvent event) {
        replica.close();
    }
}
