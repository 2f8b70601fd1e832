package dev.guildcast.session.link;

import dev.guildcast.contract.SessionId;
import dev.guildcast.link.v1.Detach;
import dev.guildcast.link.v1.GatewayMessage;
import dev.guildcast.link.v1.Hello;
import dev.guildcast.link.v1.HostHello;
import dev.guildcast.link.v1.HostMessage;
import dev.guildcast.link.v1.Ping;
import dev.guildcast.session.attach.HostedShard;
import dev.guildcast.session.attach.HostedShardRegistry;
import dev.guildcast.session.attach.ShardFrontend;
import dev.guildcast.session.stream.GatewayLink;
import dev.guildcast.session.stream.HostMessages;
import dev.guildcast.session.stream.LinkTransport;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The gRPC stream of one gateway: routes each message to its shard's loop.
///
/// Every message is read as soon as it arrives: credit and pings never wait for a shard, and no shard waits for another
/// one. What a busy shard has no room for is answered by Retry.
///
/// - **Owner:** gRPC calls in from one thread at a time; shards' loops send; the sweep for silent streams ends it.
/// - **Bound:** requests that wait for a loop by [HostedShard]; [#UNREAD_REPLIES_MAX] replies that the gateway does not
///   read; dispatches by [#READY_THRESHOLD_BYTES] and one batch per loop.
/// - **Promise:** messages for one shard reach its loop in order.
final class GrpcGatewayStream implements StreamObserver<GatewayMessage>, LinkTransport {
    private static final Logger log = LoggerFactory.getLogger(GrpcGatewayStream.class);

    /// Replies that may wait while the transport takes no more, a few dozen bytes each: more than the largest gateway
    /// has connections that could attach at once. A gateway that reads none of so many never will.
    static final int UNREAD_REPLIES_MAX = 65_536;
    /// Eight batches: the transport always has data to send while the loops work on the next ones.
    private static final int READY_THRESHOLD_BYTES = 1024 * 1024;

    private final ServerCallStreamObserver<HostMessage> call;
    private final HostedShardRegistry hostedShards;
    private final String nodeId;
    private final Consumer<GrpcGatewayStream> onEnd;
    private final LinkMetrics metrics;
    private final LongSupplier nanoTime;
    private final GatewayLink link = new GatewayLink(this);
    private final AtomicBoolean ended = new AtomicBoolean();
    private final Object writeLock = new Object();
    /// The shards whose loops have yet to answer a ping of this stream; each is asked once at a time.
    private final Set<HostedShard> askedShards = ConcurrentHashMap.newKeySet();
    private volatile long lastReceivedNanos;
    private volatile long lastPing;
    private volatile String gateway = "";
    private int unreadReplies;

    /// @param onEnd called once, from any thread, when the stream has ended
    GrpcGatewayStream(
            ServerCallStreamObserver<HostMessage> call,
            HostedShardRegistry hostedShards,
            String nodeId,
            Consumer<GrpcGatewayStream> onEnd,
            LinkMetrics metrics,
            LongSupplier nanoTime) {
        this.onEnd = onEnd;
        this.call = call;
        this.hostedShards = hostedShards;
        this.nodeId = nodeId;
        this.metrics = metrics;
        this.nanoTime = nanoTime;
        this.lastReceivedNanos = nanoTime.getAsLong();
    }

    /// Configures flow control; must be called before the service method returns.
    void start() {
        call.setOnReadyThreshold(READY_THRESHOLD_BYTES);
        call.setOnReadyHandler(link::onWritable);
        call.setOnCancelHandler(this::end);
    }

    @Override
    public void onNext(GatewayMessage message) {
        lastReceivedNanos = nanoTime.getAsLong();
        boolean helloReceived = !gateway.isEmpty();
        if (message.hasHello() == helloReceived) {
            reject(
                    helloReceived
                            ? "Hello was sent twice on this stream"
                            : "the first message on this stream is not Hello");
            return;
        }
        int bytes = message.getSerializedSize();
        switch (message.getMessageCase()) {
            case HELLO -> onHello(message.getHello());
            case CREDIT -> link.onCredit(message.getCredit().getBytes());
            case PING -> onPing(message.getPing());
            case OPEN -> {
                var open = message.getOpen();
                offer(open.getShard(), open.getHandle(), bytes, frontend -> frontend.onOpen(link, open));
            }
            case ATTACH -> {
                var attach = message.getAttach();
                offer(
                        attach.getSessionId(),
                        attach.getHandle(),
                        bytes,
                        (frontend, id) -> frontend.onAttach(link, id, attach));
            }
            case REATTACH -> {
                var reattach = message.getReattach();
                offer(
                        reattach.getSessionId(),
                        reattach.getHandle(),
                        bytes,
                        (frontend, id) -> frontend.onReattach(link, id, reattach));
            }
            case COMMAND -> {
                var command = message.getCommand();
                offer(
                        command.getSessionId(),
                        command.getHandle(),
                        bytes,
                        (frontend, id) -> frontend.onCommand(link, id, command));
            }
            case DETACH -> detach(message.getDetach());
            case PARK -> {
                // Park does not name a shard; at most one shard knows the connection.
                var park = message.getPark();
                offerAll(frontend -> frontend.onPark(link, park));
            }
            case MESSAGE_NOT_SET -> {}
        }
    }

    private void onHello(Hello hello) {
        // Never empty, as it also says that Hello was received.
        gateway = hello.getGatewayId().isEmpty() ? "unnamed" : hello.getGatewayId();
        link.stateHold(Duration.ofMillis(Integer.toUnsignedLong(hello.getHoldMillis())));
        send(HostMessage.newBuilder()
                .setHello(HostHello.newBuilder().setNodeId(nodeId).setAnswersPings(true))
                .build());
        link.onCredit(hello.getInitialCredit());
    }

    /// Answers at once for the stream, and on its loop for each shard: a loop that is blocked answers nothing.
    private void onPing(Ping ping) {
        lastPing = ping.getId();
        send(HostMessages.pong(ping.getId()));
        for (var hostedShard : hostedShards.all()) {
            if (askedShards.add(hostedShard)) {
                hostedShard.offer(
                        frontend -> {
                            askedShards.remove(hostedShard);
                            link.send(HostMessages.pong(lastPing, hostedShard.index()));
                        },
                        () -> askedShards.remove(hostedShard));
            }
        }
    }

    // What ends or stops a connection finds room always: there is one for each attach before it.
    private void detach(Detach detach) {
        if (detach.getSessionId().isEmpty()) {
            offerAll(frontend -> frontend.onDetachBeforeOpened(link, detach));
        } else {
            offer(detach.getSessionId(), detach.getHandle(), 0, (frontend, id) -> frontend.onDetach(link, id, detach));
        }
    }

    /// @param bytes of the message; 0: the loop always has room for it
    private void offer(String sessionId, long handle, int bytes, BiConsumer<ShardFrontend, SessionId> action) {
        var id = SessionId.parse(sessionId);
        if (id.isEmpty()) {
            send(HostMessages.invalid(handle));
            return;
        }
        offer(id.get().shard(), handle, bytes, frontend -> action.accept(frontend, id.get()));
    }

    private void offer(int shard, long handle, int bytes, Consumer<ShardFrontend> action) {
        var hostedShard = hostedShards.at(shard);
        if (hostedShard == null) {
            send(HostMessages.moved(shard, handle));
        } else if (!hostedShard.tryOffer(bytes, action, () -> send(HostMessages.moved(shard, handle)))) {
            metrics.overflow();
            send(HostMessages.retry(handle));
        }
    }

    private void offerAll(Consumer<ShardFrontend> action) {
        for (var hostedShard : hostedShards.all()) {
            hostedShard.offer(action, () -> {});
        }
    }

    // ---- the deadline

    /// This process was paused: what has arrived meanwhile may be unread.
    void restartDeadline(long nowNanos) {
        lastReceivedNanos = nowNanos;
    }

    /// Time since anything was received.
    long silenceNanos(long nowNanos) {
        return Math.max(0, nowNanos - lastReceivedNanos);
    }

    /// Ends the stream if its gateway is lost: of one that sends pings, or has not sent its Hello yet, nothing has
    /// arrived for so long.
    void endIfSilent(long nowNanos, Duration deadAfter) {
        long silenceNanos = silenceNanos(nowNanos);
        boolean judged = gateway.isEmpty() || lastPing != 0;
        if (!judged || silenceNanos < deadAfter.toNanos()) {
            return;
        }
        log.warn(
                "nothing has come from gateway {} for {} ms (session.link.dead-after is {}): its stream is ended; its"
                        + " sessions wait for it, or for their clients, until session.timeout",
                gateway.isEmpty() ? "that has sent no Hello" : gateway,
                silenceNanos / 1_000_000,
                deadAfter);
        if (end()) {
            metrics.deadline();
            fail(Status.UNAVAILABLE.withDescription("nothing has come from this gateway in time"));
        }
    }

    // ---- sending

    @Override
    public boolean isReady() {
        return call.isReady();
    }

    @Override
    public void send(HostMessage message) {
        boolean overrun;
        synchronized (writeLock) {
            if (ended.get()) {
                return;
            }
            call.onNext(message);
            unreadReplies = call.isReady() ? 0 : unreadReplies + 1;
            overrun = unreadReplies > UNREAD_REPLIES_MAX;
        }
        if (overrun && end()) {
            log.warn(
                    "gateway {} does not read: {} replies are waiting; its stream is ended, and its sessions attach"
                            + " again on the next one",
                    gateway,
                    UNREAD_REPLIES_MAX);
            metrics.unread();
            fail(Status.RESOURCE_EXHAUSTED.withDescription("too many replies are unread"));
        }
    }

    // ---- the end

    @Override
    public void onError(Throwable failure) {
        end();
    }

    @Override
    public void onCompleted() {
        if (end()) {
            call.onCompleted();
        }
    }

    private void reject(String reason) {
        if (end()) {
            fail(Status.FAILED_PRECONDITION.withDescription(reason));
        }
    }

    /// Ends the stream from this side; its connections look up their shards again.
    void close() {
        if (end()) {
            fail(Status.UNAVAILABLE.withDescription("this host is shutting down"));
        }
    }

    private void fail(Status status) {
        try {
            call.onError(status.asRuntimeException());
        } catch (IllegalStateException e) {
            log.debug("the stream of gateway {} was cancelled at the same moment: {}", gateway, e.getMessage());
        }
    }

    /// @return whether this call has ended it
    private boolean end() {
        synchronized (writeLock) {
            if (!ended.compareAndSet(false, true)) {
                return false;
            }
        }
        onEnd.accept(this);
        link.onClosed();
        for (var hostedShard : hostedShards.all()) {
            hostedShard.offer(frontend -> frontend.onLinkClosed(link), () -> {});
        }
        return true;
    }
}
