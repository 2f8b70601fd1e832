package dev.guildcast.backend.publish;

import dev.guildcast.event.v1.Accepted;
import dev.guildcast.event.v1.IngressGrpc;
import dev.guildcast.event.v1.PublishRequest;
import dev.guildcast.event.v1.PublishResponse;
import dev.guildcast.event.v1.RefusedEvent;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A test ingress: accepts what it is sent, and misbehaves on request.
public final class StubIngress implements AutoCloseable {
    /// What it does with the next events.
    public enum Behavior {
        ACCEPTS,
        REJECTS,
        /// Accepts an event and ends the stream before the response.
        BREAKS,
        STAYS_SILENT
    }

    private final List<JsonNode> events = new CopyOnWriteArrayList<>();
    private final Server server;
    private volatile Behavior behavior = Behavior.ACCEPTS;

    private StubIngress(String token) throws IOException {
        this.server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new Service())
                .intercept(new BearerToken(token))
                .build()
                .start();
    }

    public static StubIngress start(String token) throws IOException {
        return new StubIngress(token);
    }

    public String target() {
        return "127.0.0.1:" + server.getPort();
    }

    public void switchTo(Behavior next) {
        behavior = next;
    }

    /// All events received, including repeats.
    public List<JsonNode> events() {
        return List.copyOf(events);
    }

    @Override
    public void close() throws InterruptedException {
        server.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    }

    private final class Service extends IngressGrpc.IngressImplBase {
        @Override
        public StreamObserver<PublishRequest> publish(StreamObserver<PublishResponse> responses) {
            return new StreamObserver<>() {
                @Override
                public void onNext(PublishRequest request) {
                    events.add(new JsonMapper().readTree(request.getEvent().toByteArray()));
                    var response = PublishResponse.newBuilder().setId(request.getId());
                    switch (behavior) {
                        case ACCEPTS ->
                            responses.onNext(
                                    response.setAccepted(Accepted.newBuilder().setTopic("guild.events"))
                                            .build());
                        case REJECTS ->
                            responses.onNext(response.setRefused(
                                            RefusedEvent.newBuilder().setReason("no"))
                                    .build());
                        case BREAKS -> {
                            behavior = Behavior.ACCEPTS;
                            responses.onError(Status.UNAVAILABLE.asException());
                        }
                        case STAYS_SILENT -> {}
                    }
                }

                @Override
                public void onError(Throwable e) {}

                @Override
                public void onCompleted() {
                    responses.onCompleted();
                }
            };
        }
    }

    private record BearerToken(String token) implements ServerInterceptor {
        @Override
        public <A, B> ServerCall.Listener<A> interceptCall(
                ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
            var shown = headers.get(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER));
            if (!Objects.equals(shown, "Bearer " + token)) {
                call.close(Status.UNAUTHENTICATED, new Metadata());
                return new ServerCall.Listener<>() {};
            }
            return next.startCall(call, headers);
        }
    }
}
