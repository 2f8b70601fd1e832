package dev.guildcast.gateway.link;

import dev.guildcast.link.v1.GatewayMessage;
import dev.guildcast.link.v1.HostMessage;
import dev.guildcast.link.v1.SessionHostGrpc;
import dev.guildcast.link.v1.UserGuildsRequest;
import dev.guildcast.link.v1.UserGuildsResponse;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One stream to a session host, on a connection of its own: it never inherits one that a path has swallowed.
///
/// - **Owner:** [GrpcSessionHost], which sends under its lock; gRPC's threads call the listener.
final class GrpcHostStream implements ClientResponseObserver<GatewayMessage, HostMessage> {
    /// Called from gRPC's threads, one call at a time.
    interface Listener {
        void onMessage(GrpcHostStream stream, HostMessage message);

        void onWritable(GrpcHostStream stream);

        /// Not called by gRPC's threads only: [#abandon] causes it too.
        void onEnded(GrpcHostStream stream, Throwable cause);
    }

    private final ManagedChannel channel;
    private final Listener listener;
    private final long startedNanos;
    private volatile @Nullable ClientCallStreamObserver<GatewayMessage> call;

    /// @param channel this stream's own; it is shut down with it
    GrpcHostStream(ManagedChannel channel, Listener listener, long startedNanos) {
        this.channel = channel;
        this.listener = listener;
        this.startedNanos = startedNanos;
    }

    long startedNanos() {
        return startedNanos;
    }

    /// Opens the connection and the stream, without waiting for either.
    void start() {
        SessionHostGrpc.newStub(channel).connect(this);
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<GatewayMessage> requestStream) {
        call = requestStream;
        requestStream.setOnReadyHandler(() -> listener.onWritable(this));
    }

    boolean isReady() {
        var open = call;
        return open != null && open.isReady();
    }

    void send(GatewayMessage message) {
        var open = call;
        if (open != null) {
            open.onNext(message);
        }
    }

    /// Asks for the guilds of users, on this stream's connection.
    void userGuilds(UserGuildsRequest request, long millisMax, StreamObserver<UserGuildsResponse> response) {
        SessionHostGrpc.newStub(channel)
                .withDeadlineAfter(millisMax, TimeUnit.MILLISECONDS)
                .userGuilds(request, response);
    }

    /// Cancels the stream and closes its connection, whatever state they are in.
    void abandon(String reason) {
        var open = call;
        if (open != null) {
            open.cancel(reason, null);
        }
        channel.shutdownNow();
    }

    @Override
    public void onNext(HostMessage message) {
        listener.onMessage(this, message);
    }

    @Override
    public void onError(Throwable error) {
        listener.onEnded(this, error);
        channel.shutdownNow();
    }

    @Override
    public void onCompleted() {
        onError(Status.UNAVAILABLE.withDescription("ended by the host").asRuntimeException());
    }
}
