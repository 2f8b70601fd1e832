package dev.guildcast.session.node;

import dev.guildcast.session.link.GrpcLinkEndpoint;
import dev.guildcast.shard.node.ServiceNode;
import org.springframework.context.ApplicationContext;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.grpc.server.lifecycle.GrpcServerStartedEvent;

/// Ties the node to its gRPC server: it registers once gateways can connect, and releases its shards and streams
/// before the server stops.
final class GrpcNodeLifecycle {
    private final ApplicationContext context;
    private final ServiceNode node;
    private final GrpcLinkEndpoint endpoint;

    GrpcNodeLifecycle(ApplicationContext context, ServiceNode node, GrpcLinkEndpoint endpoint) {
        this.context = context;
        this.node = node;
        this.endpoint = endpoint;
    }

    @EventListener
    void onStarted(GrpcServerStartedEvent event) {
        node.start(event.getPort());
    }

    @EventListener
    void onClosing(ContextClosedEvent event) {
        if (event.getApplicationContext() != context) {
            return;
        }
        try {
            node.drain();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        endpoint.close();
    }
}
