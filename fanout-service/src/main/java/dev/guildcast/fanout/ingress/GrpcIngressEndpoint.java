package dev.guildcast.fanout.ingress;

import dev.guildcast.contract.catalogue.PublisherContext;
import dev.guildcast.event.v1.IngressGrpc;
import dev.guildcast.event.v1.PublishRequest;
import dev.guildcast.event.v1.PublishResponse;
import dev.guildcast.shard.access.GrpcCallAuthorizer;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/// `Ingress.Publish`, for publishers that the server's gate has verified.
final class GrpcIngressEndpoint extends IngressGrpc.IngressImplBase {
    private final EventIngress ingress;
    private final int outstandingMax;

    GrpcIngressEndpoint(EventIngress ingress, int outstandingMax) {
        this.ingress = ingress;
        this.outstandingMax = outstandingMax;
    }

    @Override
    public StreamObserver<PublishRequest> publish(StreamObserver<PublishResponse> responses) {
        var call = new GrpcPublishCall(
                ingress.stream(Transport.GRPC),
                PublisherContext.authenticatedAs(GrpcCallAuthorizer.CALLER.get().name()),
                (ServerCallStreamObserver<PublishResponse>) responses,
                outstandingMax);
        call.start();
        return call;
    }
}
