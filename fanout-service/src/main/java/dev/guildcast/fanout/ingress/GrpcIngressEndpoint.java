package dev.guildcast.fanout.ingress;

import dev.guildcast.contract.catalogue.PublisherContext;
import dev.guildcast.event.v1.IngressGrpc;
import dev.guildcast.event.v1.PublishRequest;
import dev.guildcast.event.v1.PublishResponse;
import io.grpc.BindableService;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/// `Ingress.Publish`, for publishers that hold a token; it is verified at the start of each call.
final class GrpcIngressEndpoint implements BindableService {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final Context.Key<String> PUBLISHER = Context.key("ingress-publisher");

    private final EventIngress ingress;
    private final PublisherTokens tokens;
    private final IngressCounters counters;
    private final int outstandingMax;

    GrpcIngressEndpoint(EventIngress ingress, PublisherTokens tokens, IngressCounters counters, int outstandingMax) {
        this.ingress = ingress;
        this.tokens = tokens;
        this.counters = counters;
        this.outstandingMax = outstandingMax;
    }

    @Override
    public ServerServiceDefinition bindService() {
        return ServerInterceptors.intercept(new Calls(), new Authentication());
    }

    private final class Calls extends IngressGrpc.IngressImplBase {
        @Override
        public StreamObserver<PublishRequest> publish(StreamObserver<PublishResponse> responses) {
            var call = new GrpcPublishCall(
                    ingress.stream(Transport.GRPC),
                    PublisherContext.authenticatedAs(PUBLISHER.get()),
                    (ServerCallStreamObserver<PublishResponse>) responses,
                    outstandingMax);
            call.start();
            return call;
        }
    }

    private final class Authentication implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            var publisher = tokens.publisher(headers.get(AUTHORIZATION));
            if (publisher.isEmpty()) {
                counters.onUnauthenticated(Transport.GRPC);
                call.close(Status.UNAUTHENTICATED.withDescription("no publisher has this token"), new Metadata());
                return new ServerCall.Listener<>() {};
            }
            return Contexts.interceptCall(Context.current().withValue(PUBLISHER, publisher.get()), call, headers, next);
        }
    }
}
