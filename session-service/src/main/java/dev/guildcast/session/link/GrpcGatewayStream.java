package dev.guildcast.session.link;

import dev.guildcast.contract.SessionId;
import dev.guildcast.link.v1.Detach;
import dev.guildcast.link.v1.GatewayMessage;
import dev.guildcast.link.v1.Hello;
import dev.guildcast.link.v1.HostHello;
import dev.guildcast.link.v1.HostMessage;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// The stream of one gateway: finds the shard of each message and hands it over.
///
/// - **Owner:** gRPC calls in from one thread at a time; shards' loops send.
/// - **Bound:** [#HANDED_OVER_MAX] messages wait for loops; the next is read when one has been handled and the way back
///   is free. What waits to be written is bounded by [#WRITE_BYTES], one batch a loop, and the answers to those.
/// - **Promise:** messages for one shard reach its loop in order.
final class GrpcGatewayStream implements StreamObserver<GatewayMessage>, LinkStream {
    static final int HANDED_OVER_MAX = 256;
    private static final int WRITE_BYTES = 1024 * 1024;

    private final ServerCallStreamObserver<HostMessage> call;
    private final ShardLinks links;
    private final String nodeId;
    private final Consumer<GrpcGatewayStream> onEnd;
    private final GatewayLink link = new GatewayLink(this);
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicInteger owedReads = new AtomicInteger();
    private final Object writing = new Object();
    private boolean greeted;

    /// @param onEnd called once, from any thread, when the stream has ended
    GrpcGatewayStream(
            ServerCallStreamObserver<HostMessage> call,
            ShardLinks links,
            String nodeId,
            Consumer<GrpcGatewayStream> onEnd) {
        this.onEnd = onEnd;
        this.call = call;
        this.links = links;
        this.nodeId = nodeId;
    }

    /// Must be called before the service method returns.
    void start() {
        call.disableAutoRequest();
        call.setOnReadyThreshold(WRITE_BYTES);
        call.setOnReadyHandler(this::onWritable);
        call.setOnCancelHandler(this::end);
        call.request(HANDED_OVER_MAX);
    }

    @Override
    public void onNext(GatewayMessage message) {
        if (message.hasHello() == greeted) {
            refuse(greeted ? "a second Hello" : "the first message is not Hello");
            return;
        }
        switch (message.getMessageCase()) {
            case HELLO -> greet(message.getHello());
            case CREDIT -> {
                link.onCredit(message.getCredit().getBytes());
                handled();
            }
            case OPEN -> {
                var open = message.getOpen();
                offer(open.getShard(), open.getHandle(), desk -> desk.onOpen(link, open));
            }
            case ATTACH -> {
                var attach = message.getAttach();
                offer(attach.getSessionId(), attach.getHandle(), (desk, id) -> desk.onAttach(link, id, attach));
            }
            case REATTACH -> {
                var reattach = message.getReattach();
                offer(reattach.getSessionId(), reattach.getHandle(), (desk, id) -> desk.onReattach(link, id, reattach));
            }
            case COMMAND -> {
                var command = message.getCommand();
                offer(command.getSessionId(), command.getHandle(), (desk, id) -> desk.onCommand(link, id, command));
            }
            case DETACH -> detach(message.getDetach());
            case PARK -> {
                // Names no shard; at most one of them knows the connection.
                var park = message.getPark();
                offerAll(desk -> desk.onPark(link, park));
            }
            case MESSAGE_NOT_SET -> handled();
        }
    }

    private void greet(Hello hello) {
        greeted = true;
        send(HostMessage.newBuilder()
                .setHello(HostHello.newBuilder().setNodeId(nodeId))
                .build());
        link.onCredit(hello.getInitialCredit());
        handled();
    }

    private void detach(Detach detach) {
        if (detach.getSessionId().isEmpty()) {
            offerAll(desk -> desk.onDetachUnopened(link, detach));
        } else {
            offer(detach.getSessionId(), detach.getHandle(), (desk, id) -> desk.onDetach(link, id, detach));
        }
    }

    private void offer(String sessionId, long handle, BiConsumer<SessionDesk, SessionId> action) {
        var id = SessionId.parse(sessionId);
        if (id.isEmpty()) {
            send(HostMessages.invalid(handle));
            handled();
            return;
        }
        offer(id.get().shard(), handle, desk -> action.accept(desk, id.get()));
    }

    private void offer(int shard, long handle, Consumer<SessionDesk> action) {
        var at = links.at(shard);
        if (at == null) {
            moved(shard, handle);
            return;
        }
        at.offer(
                desk -> {
                    action.accept(desk);
                    handled();
                },
                () -> moved(shard, handle));
    }

    private void offerAll(Consumer<SessionDesk> action) {
        for (var shard : links.all()) {
            shard.offer(action, () -> {});
        }
        handled();
    }

    private void moved(int shard, long handle) {
        send(HostMessages.moved(shard, handle));
        handled();
    }

    // A gateway that does not read its answers is not asked for more questions.
    private void handled() {
        owedReads.incrementAndGet();
        if (call.isReady()) {
            payReads();
        }
    }

    private void payReads() {
        int owed = owedReads.getAndSet(0);
        if (owed > 0) {
            call.request(owed);
        }
    }

    private void onWritable() {
        payReads();
        link.onWritable();
    }

    @Override
    public boolean isReady() {
        return call.isReady();
    }

    @Override
    public void send(HostMessage message) {
        synchronized (writing) {
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

    private void refuse(String why) {
        end();
        call.onError(Status.FAILED_PRECONDITION.withDescription(why).asRuntimeException());
    }

    /// Ends the stream from this side; its connections look for their shards anew.
    void close() {
        if (!ended.get()) {
            end();
            call.onError(Status.UNAVAILABLE
                    .withDescription("this host is shutting down")
                    .asRuntimeException());
        }
    }

    private void end() {
        synchronized (writing) {
            if (!ended.compareAndSet(false, true)) {
                return;
            }
        }
        onEnd.accept(this);
        link.onClosed();
        for (var shard : links.all()) {
            shard.offer(desk -> desk.onLinkClosed(link), () -> {});
        }
    }
}
