package dev.guildcast.fanout.ingress;

import dev.guildcast.event.v1.IngressGrpc;
import dev.guildcast.event.v1.PublishRequest;
import dev.guildcast.event.v1.PublishResponse;
import dev.guildcast.fanout.publisher.Publishers;
import dev.guildcast.shard.access.GrpcCallAuthorizer;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/// `Ingress.Publish`, for publishers that the server's gate has verified.
final class GrpcIngressEndpoint extends IngressGrpc.IngressImplBase {
    private final EventIngress ingress;
    private final Publishers publishers;
    private final int outstandingMax;

    GrpcIngressEndpoint(EventIngress ingress, Publishers publishers, int outstandingMax) {
        this.ingress = ingress;
        this.publishers = publishers;
        this.outstandingMax = outstandingMax;
    }

    @Override
    public StreamObserver<PublishRequest> publish(StreamObserver<PublishResponse> responses) {
        var publisher = publishers.named(GrpcCallAuthorizer.CALLER.get().name());
        if (publisher.isEmpty()) {
            // Revoked since the gate let the call pass.
            throw Status.UNAUTHENTICATED
                    .withDescription("no publisher has this token")
                    .asRuntimeException();
        }
        var call = new GrpcPublishCall(
                ingress.stream(Transport.GRPC),
                publisher.get(),
                (ServerCallStreamObserver<PublishResponse>) responses,
                outstandingMax);
        call.start();
        return call;
    }
}
