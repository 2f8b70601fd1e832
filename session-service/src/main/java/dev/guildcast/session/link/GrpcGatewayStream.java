package dev.guildcast.session.link;

import dev.guildcast.contract.SessionId;
import dev.guildcast.link.v1.Detach;
import dev.guildcast.link.v1.GatewayMessage;
import dev.guildcast.link.v1.Hello;
import dev.guildcast.link.v1.HostHello;
import dev.guildcast.link.v1.HostMessage;
import dev.guildcast.session.attach.HostedShardRegistry;
import dev.guildcast.session.attach.ShardFrontend;
import dev.guildcast.session.stream.GatewayLink;
import dev.guildcast.session.stream.HostMessages;
import dev.guildcast.session.stream.LinkTransport;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// The gRPC stream of one gateway: routes each message to its shard's loop.
///
/// - **Owner:** gRPC calls in from one thread at a time; shards' loops send.
/// - **Bound:** [#IN_FLIGHT_MAX] messages are in flight to loops; another is read when one has been handled and the
///   stream is ready for writing. Unwritten data is bounded by [#READY_THRESHOLD_BYTES], one batch per loop, and the
/// replies to
///   messages in flight.
/// - **Promise:** messages for one shard reach its loop in order.
final class GrpcGatewayStream implements StreamObserver<GatewayMessage>, LinkTransport {
    /// Keeps all loops of a host busy over a round trip, and bounds what a slow loop makes wait.
    static final int IN_FLIGHT_MAX = 256;
    /// Eight batches: the transport always has data to send while the loops work on the next ones.
    private static final int READY_THRESHOLD_BYTES = 1024 * 1024;

    private final ServerCallStreamObserver<HostMessage> call;
    private final HostedShardRegistry hostedShards;
    private final String nodeId;
    private final Consumer<GrpcGatewayStream> onEnd;
    private final GatewayLink link = new GatewayLink(this);
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicInteger deferredReads = new AtomicInteger();
    private final Object writeLock = new Object();
    private boolean helloReceived;

    /// @param onEnd called once, from any thread, when the stream has ended
    GrpcGatewayStream(
            ServerCallStreamObserver<HostMessage> call,
            HostedShardRegistry hostedShards,
            String nodeId,
            Consumer<GrpcGatewayStream> onEnd) {
        this.onEnd = onEnd;
        this.call = call;
        this.hostedShards = hostedShards;
        this.nodeId = nodeId;
    }

    /// Configures flow control and requests the first messages; must be called before the service method returns.
    void start() {
        call.disableAutoRequest();
        call.setOnReadyThreshold(READY_THRESHOLD_BYTES);
        call.setOnReadyHandler(this::onWritable);
        call.setOnCancelHandler(this::end);
        call.request(IN_FLIGHT_MAX);
    }

    @Override
    public void onNext(GatewayMessage message) {
        if (message.hasHello() == helloReceived) {
            reject(
                    helloReceived
                            ? "Hello was sent twice on this stream"
                            : "the first message on this stream is not Hello");
            return;
        }
        switch (message.getMessageCase()) {
            case HELLO -> onHello(message.getHello());
            case CREDIT -> {
                link.onCredit(message.getCredit().getBytes());
                handled();
            }
            case OPEN -> {
                var open = message.getOpen();
                offer(open.getShard(), open.getHandle(), frontend -> frontend.onOpen(link, open));
            }
            case ATTACH -> {
                var attach = message.getAttach();
                offer(attach.getSessionId(), attach.getHandle(), (frontend, id) -> frontend.onAttach(link, id, attach));
            }
            case REATTACH -> {
                var reattach = message.getReattach();
                offer(
                        reattach.getSessionId(),
                        reattach.getHandle(),
                        (frontend, id) -> frontend.onReattach(link, id, reattach));
            }
            case COMMAND -> {
                var command = message.getCommand();
                offer(
                        command.getSessionId(),
                        command.getHandle(),
                        (frontend, id) -> frontend.onCommand(link, id, command));
            }
            case DETACH -> detach(message.getDetach());
            case PARK -> {
                // Park does not name a shard; at most one shard knows the connection.
                var park = message.getPark();
                offerAll(frontend -> frontend.onPark(link, park));
            }
            case MESSAGE_NOT_SET -> handled();
        }
    }

    private void onHello(Hello hello) {
        helloReceived = true;
        send(HostMessage.newBuilder()
                .setHello(HostHello.newBuilder().setNodeId(nodeId))
                .build());
        link.onCredit(hello.getInitialCredit());
        handled();
    }

    private void detach(Detach detach) {
        if (detach.getSessionId().isEmpty()) {
            offerAll(frontend -> frontend.onDetachBeforeOpened(link, detach));
        } else {
            offer(detach.getSessionId(), detach.getHandle(), (frontend, id) -> frontend.onDetach(link, id, detach));
        }
    }

    private void offer(String sessionId, long handle, BiConsumer<ShardFrontend, SessionId> action) {
        var id = SessionId.parse(sessionId);
        if (id.isEmpty()) {
            send(HostMessages.invalid(handle));
            handled();
            return;
        }
        offer(id.get().shard(), handle, frontend -> action.accept(frontend, id.get()));
    }

    private void offer(int shard, long handle, Consumer<ShardFrontend> action) {
        var hostedShard = hostedShards.at(shard);
        if (hostedShard == null) {
            sendMoved(shard, handle);
            return;
        }
        hostedShard.offer(
                frontend -> {
                    action.accept(frontend);
                    handled();
                },
                () -> sendMoved(shard, handle));
    }

    private void offerAll(Consumer<ShardFrontend> action) {
        for (var hostedShard : hostedShards.all()) {
            hostedShard.offer(action, () -> {});
        }
        handled();
    }

    private void sendMoved(int shard, long handle) {
        send(HostMessages.moved(shard, handle));
        handled();
    }

    // As long as a gateway does not read replies, no more of its messages are read.
    private void handled() {
        deferredReads.incrementAndGet();
        if (call.isReady()) {
            requestDeferredReads();
        }
    }

    private void requestDeferredReads() {
        int deferred = deferredReads.getAndSet(0);
        if (deferred > 0) {
            call.request(deferred);
        }
    }

    private void onWritable() {
        requestDeferredReads();
        link.onWritable();
    }

    @Override
    public boolean isReady() {
        return call.isReady();
    }

    @Override
    public void send(HostMessage message) {
        synchronized (writeLock) {
            if (!ended.get()) {
                call.onNext(message);
            }
        }
    }

    @Override
    public void onError(Throwable failure) {
        end();
    }

    @Override
    public void onCompleted() {
        end();
        call.onCompleted();
    }

    private void reject(String reason) {
        end();
        call.onError(Status.FAILED_PRECONDITION.withDescription(reason).asRuntimeException());
    }

    /// Ends the stream from this side; its connections look up their shards again.
    void close() {
        if (!ended.get()) {
            end();
            call.onError(Status.UNAVAILABLE
                    .withDescription("this host is shutting down")
                    .asRuntimeException());
        }
    }

    private void end() {
        synchronized (writeLock) {
            if (!ended.compareAndSet(false, true)) {
                return;
            }
        }
        onEnd.accept(this);
        link.onClosed();
        for (var hostedShard : hostedShards.all()) {
            hostedShard.offer(frontend -> frontend.onLinkClosed(link), () -> {});
        }
    }
}
