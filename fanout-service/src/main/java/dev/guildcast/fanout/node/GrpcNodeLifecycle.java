package dev.guildcast.fanout.node;

import dev.guildcast.shard.node.ServiceNode;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.grpc.server.lifecycle.GrpcServerStartedEvent;

/// Ties the node to the application: it registers once the application is ready and its gRPC server can be queried,
/// and releases its shards at shutdown.
final class GrpcNodeLifecycle implements DisposableBean {
    private final ServiceNode node;
    private volatile int grpcPort;

    GrpcNodeLifecycle(ServiceNode node) {
        this.node = node;
    }

    @EventListener
    void onGrpcServer(GrpcServerStartedEvent started) {
        grpcPort = started.getPort();
    }

    @EventListener
    void onReady(ApplicationReadyEvent ready) {
        node.start(grpcPort);
    }

    @Override
    public void destroy() {
        try {
            node.drain();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
