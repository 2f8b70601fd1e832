package dev.guildcast.voiceserver.link;

import dev.guildcast.voice.v1.MediaHello;
import dev.guildcast.voice.v1.MediaLoad;
import dev.guildcast.voice.v1.MediaOrder;
import dev.guildcast.voice.v1.MediaOrderResult;
import dev.guildcast.voice.v1.MediaPulse;
import dev.guildcast.voice.v1.MediaServerMessage;
import dev.guildcast.voice.v1.VoiceMediaGrpc;
import dev.guildcast.voiceserver.control.LivenessProbe;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One stream to voice-signaling, opened again whenever it breaks. Media goes on without it.
///
/// - **Owner:** its own thread connects and reports; gRPC's threads receive orders; the media loop answers pings and
///   sends results, which never blocks.
/// - **Bound:** [#ORDERS_IN_FLIGHT_MAX] orders received and not carried out; one result for each, and one pulse for
///   each ping.
/// - **Promise:** a broken stream is replaced after a jittered pause that grows from [#PAUSE_MIN] to [#PAUSE_MAX], and
///   the new one begins with all rooms that are here.
final class GrpcSignalingLink implements AutoCloseable {
    /// As many as the media loop carries out in one turn.
    static final int ORDERS_IN_FLIGHT_MAX = 256;
    /// Well within the grace that voice-signaling gives a broken stream before it moves the rooms.
    private static final Duration PAUSE_MIN = Duration.ofMillis(20);
    /// Limits the attempts during a long outage; a restarted voice-signaling waits for its servers this long.
    private static final Duration PAUSE_MAX = Duration.ofSeconds(1);
    /// Between looks at whether the last room has moved away.
    private static final Duration DRAIN_POLL = Duration.ofMillis(20);
    /// For what takes milliseconds unless the other side stands still.
    private static final Duration REPORT_WITHIN = Duration.ofMillis(500);
    private static final Logger log = LoggerFactory.getLogger(GrpcSignalingLink.class);

    private final ManagedChannel channel;
    private final LinkIdentity identity;
    private final RoomOrders orders;
    private final LivenessProbe probe;
    private final LinkProperties properties;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("signaling-link").daemon(true).factory());
    private final Object sendLock = new Object();
    private @Nullable ClientCallStreamObserver<MediaServerMessage> stream;
    private volatile long pauseNanos = PAUSE_MIN.toNanos();
    private volatile boolean connected;
    private volatile boolean draining;
    private volatile boolean closed;

    GrpcSignalingLink(
            ManagedChannel channel,
            LinkIdentity identity,
            RoomOrders orders,
            LivenessProbe probe,
            LinkProperties properties) {
        this.channel = channel;
        this.identity = identity;
        this.orders = orders;
        this.probe = probe;
        this.properties = properties;
    }

    /// Begins to connect; returns at once.
    void start() {
        thread.execute(this::connect);
        long everyMillis = properties.reportEvery().toMillis();
        var unused = thread.scheduleWithFixedDelay(this::report, everyMillis, everyMillis, TimeUnit.MILLISECONDS);
    }

    /// Whether voice-signaling knows this server.
    boolean isConnected() {
        return connected;
    }

    /// Asks voice-signaling to move the rooms, and waits until nobody is left, but no longer than the window.
    private void drain() {
        draining = true;
        if (!connected) {
            return;
        }
        long deadlineNanos = System.nanoTime() + properties.drainWindow().toNanos();
        try {
            report().get(REPORT_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
            while (hasUsers() && connected && System.nanoTime() - deadlineNanos < 0) {
                TimeUnit.NANOSECONDS.sleep(DRAIN_POLL.toNanos());
            }
            endStream();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            log.warn("this server stops without its rooms being moved: its media loop does not answer");
        }
    }

    private void endStream() throws InterruptedException {
        synchronized (sendLock) {
            if (stream != null) {
                stream.onCompleted();
                stream = null;
            }
        }
        channel.shutdown();
        if (!channel.awaitTermination(REPORT_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
            log.debug("voice-signaling has not ended the stream");
        }
    }

    private boolean hasUsers() {
        return orders.held().stream().anyMatch(room -> room.getUserIdsCount() > 0);
    }

    private void connect() {
        if (!closed) {
            // The channel would wait for a second and more after a failed attempt; the pauses here are shorter.
            channel.resetConnectBackoff();
            VoiceMediaGrpc.newStub(channel).connect(new OrderObserver());
        }
    }

    private CompletableFuture<Void> report() {
        return probe.ping()
                .thenAccept(pulse -> send(MediaServerMessage.newBuilder()
                        .setLoad(MediaLoad.newBuilder()
                                .setLoad(pulse.load(identity.participantsMax()))
                                .setDraining(draining))
                        .build()));
    }

    private void onOrder(ClientCallStreamObserver<MediaServerMessage> call, MediaOrder order) {
        if (order.hasPing()) {
            long nonce = order.getPing().getNonce();
            var unused = probe.ping()
                    .thenAccept(pulse -> send(MediaServerMessage.newBuilder()
                            .setPulse(MediaPulse.newBuilder().setNonce(nonce))
                            .build()));
            call.request(1);
            return;
        }
        var unused = orders.execute(order).whenComplete((outcome, bug) -> {
            if (bug != null) {
                log.error("an order of voice-signaling failed by a bug", bug);
            }
            send(MediaServerMessage.newBuilder()
                    .setResult(MediaOrderResult.newBuilder()
                            .setOrderId(order.getOrderId())
                            .setOutcome(outcome == null ? MediaOrderResult.Outcome.INVALID : outcome))
                    .build());
            call.request(1);
        });
    }

    /// From any thread; without a stream the message is dropped, and the next stream begins with what counts.
    private void send(MediaServerMessage message) {
        synchronized (sendLock) {
            var current = stream;
            if (current == null) {
                return;
            }
            try {
                current.onNext(message);
            } catch (IllegalStateException ended) {
                log.debug("the stream to voice-signaling has ended: {}", ended.toString());
            }
        }
    }

    private void onOpened(ClientCallStreamObserver<MediaServerMessage> call) {
        synchronized (sendLock) {
            stream = call;
            call.onNext(MediaServerMessage.newBuilder().setHello(hello()).build());
        }
    }

    private MediaHello hello() {
        return MediaHello.newBuilder()
                .setServerId(identity.serverId())
                .setRegion(identity.region())
                .setIp(identity.address())
                .setPort(identity.port())
                .setProcessId(identity.processId())
                .setParticipantsMax(identity.participantsMax())
                .addAllRooms(orders.held())
                .build();
    }

    private void onBroken(@Nullable ClientCallStreamObserver<MediaServerMessage> broken, String reason) {
        synchronized (sendLock) {
            if (stream != broken) {
                return;
            }
            stream = null;
        }
        if (closed) {
            return;
        }
        if (connected) {
            log.warn("the link to voice-signaling broke, media goes on: {}", reason);
        } else {
            log.debug("voice-signaling cannot be reached: {}", reason);
        }
        connected = false;
        long pause = pauseNanos;
        pauseNanos = Math.min(pause * 2, PAUSE_MAX.toNanos());
        try {
            var unused = thread.schedule(
                    this::connect, ThreadLocalRandom.current().nextLong(pause / 2, pause + 1), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            log.debug("the link is closed and does not connect any more");
        }
    }

    private void onAlive() {
        if (!connected) {
            connected = true;
            pauseNanos = PAUSE_MIN.toNanos();
            log.info("registered with voice-signaling as {}", identity.serverId());
        }
    }

    /// Drains, then ends the stream.
    @Override
    public void close() {
        drain();
        closed = true;
        thread.shutdownNow();
        channel.shutdownNow();
    }

    private final class OrderObserver implements ClientResponseObserver<MediaServerMessage, MediaOrder> {
        private @Nullable ClientCallStreamObserver<MediaServerMessage> call;

        @Override
        public void beforeStart(ClientCallStreamObserver<MediaServerMessage> requests) {
            call = requests;
            requests.disableAutoRequestWithInitial(ORDERS_IN_FLIGHT_MAX);
            requests.setOnReadyHandler(() -> {
                synchronized (sendLock) {
                    if (stream == requests) {
                        return;
                    }
                }
                onOpened(requests);
            });
        }

        @Override
        public void onNext(MediaOrder order) {
            onAlive();
            var current = call;
            if (current != null) {
                onOrder(current, order);
            }
        }

        @Override
        public void onError(Throwable failure) {
            end(failure.toString());
        }

        @Override
        public void onCompleted() {
            end("voice-signaling ended the stream");
        }

        private void end(String reason) {
            synchronized (sendLock) {
                if (stream == null) {
                    // It never was ready.
                    stream = call;
                }
            }
            onBroken(call, reason);
        }
    }
}
