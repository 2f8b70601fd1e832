package dev.guildcast.gateway.link;

import dev.guildcast.link.v1.Credit;
import dev.guildcast.link.v1.GatewayMessage;
import dev.guildcast.link.v1.Hello;
import dev.guildcast.link.v1.HostMessage;
import dev.guildcast.link.v1.SessionHostGrpc;
import dev.guildcast.link.v1.UserGuildsRequest;
import dev.guildcast.link.v1.UserGuildsResponse;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.OptionalInt;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/// The gRPC stream to one session host; reconnected whenever it breaks.
///
/// - **Owner:** any thread offers, gRPC's threads receive, both under this object's lock. The lock is never held during
///   callbacks to other objects.
/// - **Bound:** `unsentMax` messages while the host does not read; above it the stream is cancelled, and every session
///   attaches again on the next one. What the host sends is bounded by credit.
/// - **Promise:** messages of one stream are sent in the order in which they were offered.
final class GrpcSessionHost implements SessionHost {
    private static final Logger log = LoggerFactory.getLogger(GrpcSessionHost.class);

    /// Receives the events of a host's stream. Called from gRPC's threads, one call at a time for each host.
    interface StreamListener {
        void onUp(GrpcSessionHost host);

        void onMessage(GrpcSessionHost host, HostMessage message);

        /// @return whether to reconnect
        boolean onDown(GrpcSessionHost host);
    }

    /// A live owner responds within milliseconds; a client that waits for `/gateway/bot` does not notice this delay.
    private static final long GUILD_COUNT_MILLIS_MAX = 1000;

    private final String address;
    private final String gatewayId;
    private final ManagedChannel channel;
    private final StreamListener listener;
    private final LinkProperties properties;
    private final ScheduledExecutorService timer;
    private final ArrayDeque<GatewayMessage> unsent = new ArrayDeque<>();
    private @Nullable Stream stream;
    private volatile boolean up;
    private boolean closed;
    private int failures;
    private long unreturnedCredit;

    GrpcSessionHost(
            String address,
            String gatewayId,
            ManagedChannel channel,
            StreamListener listener,
            LinkProperties properties,
            ScheduledExecutorService timer) {
        this.address = address;
        this.gatewayId = gatewayId;
        this.channel = channel;
        this.listener = listener;
        this.properties = properties;
        this.timer = timer;
    }

    @Override
    public String address() {
        return address;
    }

    @Override
    public boolean isUp() {
        return up;
    }

    /// Asks the host for the number of a user's guilds; empty if it does not own the user's shard, or does not respond.
    Mono<OptionalInt> guildCount(long userId) {
        var request = UserGuildsRequest.newBuilder().addUsers(userId).build();
        return Mono.<OptionalInt>create(sink -> SessionHostGrpc.newStub(channel)
                .withDeadlineAfter(GUILD_COUNT_MILLIS_MAX, TimeUnit.MILLISECONDS)
                .userGuilds(request, new StreamObserver<>() {
                    @Override
                    public void onNext(UserGuildsResponse response) {
                        sink.success(
                                response.getUsersCount() == 0
                                        ? OptionalInt.empty()
                                        : OptionalInt.of(response.getUsers(0).getGuildsCount()));
                    }

                    @Override
                    public void onError(Throwable error) {
                        log.debug("host {} did not count a user's guilds: {}", address, error.getMessage());
                        sink.success(OptionalInt.empty());
                    }

                    @Override
                    public void onCompleted() {
                        sink.success(OptionalInt.empty());
                    }
                }));
    }

    /// Opens the stream on the link's timer thread.
    void connectAsync() {
        connectAfter(Duration.ZERO);
    }

    private void connectAfter(Duration delay) {
        try {
            var unused = timer.schedule(this::connect, delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            log.debug("not reconnecting to host {}: the gateway is stopping", address);
        }
    }

    private void connect() {
        var next = new Stream();
        synchronized (this) {
            if (closed || stream != null) {
                return;
            }
            stream = next;
        }
        channel.resetConnectBackoff();
        next.start();
    }

    @Override
    public boolean offer(GatewayMessage message) {
        Stream overflowed;
        synchronized (this) {
            if (!up || stream == null) {
                return false;
            }
            if (unsent.size() < properties.unsentMax()) {
                unsent.add(message);
                drain();
                return true;
            }
            overflowed = stream;
        }
        log.warn(
                "host {} does not read: {} messages are waiting (gateway.link.unsent-max); its stream is cancelled and"
                        + " opened again, and its sessions attach again",
                address,
                properties.unsentMax());
        overflowed.cancel();
        return false;
    }

    /// Sends as much as the transport takes now. Called under the lock.
    private void drain() {
        var target = stream == null ? null : stream.call;
        while (target != null && target.isReady()) {
            var message = unsent.poll();
            if (message == null) {
                return;
            }
            target.onNext(message);
        }
    }

    /// Sends a quarter of the credit at a time, so that small batches do not cost a message each.
    @Override
    public void returnCredit(long bytes) {
        long creditBytes;
        synchronized (this) {
            unreturnedCredit += bytes;
            if (unreturnedCredit < properties.credit().toBytes() / 4) {
                return;
            }
            creditBytes = unreturnedCredit;
            unreturnedCredit = 0;
        }
        offer(GatewayMessage.newBuilder()
                .setCredit(Credit.newBuilder().setBytes(creditBytes))
                .build());
    }

    void close() {
        Stream open;
        synchronized (this) {
            closed = true;
            up = false;
            open = stream;
        }
        if (open != null) {
            open.cancel();
        }
        channel.shutdownNow();
    }

    private void onStreamEnded(Stream ended, Throwable cause) {
        int attempt;
        synchronized (this) {
            if (stream != ended) {
                return;
            }
            if (up) {
                log.info(
                        "the stream to host {} has ended with {}; its sessions attach again",
                        address,
                        Status.fromThrowable(cause).getCode());
            }
            stream = null;
            up = false;
            unsent.clear();
            unreturnedCredit = 0;
            attempt = failures++;
        }
        if (listener.onDown(this)) {
            // Doubled with each failure; after ten, far above any retry-max, the shift must not grow into an overflow.
            long delayNanos = properties.retryMin().toNanos() << Math.min(attempt, 10);
            delayNanos = Math.min(delayNanos, properties.retryMax().toNanos());
            connectAfter(Duration.ofNanos(
                    delayNanos / 2 + ThreadLocalRandom.current().nextLong(delayNanos)));
        }
    }

    private final class Stream implements ClientResponseObserver<GatewayMessage, HostMessage> {
        private @Nullable ClientCallStreamObserver<GatewayMessage> call;

        void start() {
            SessionHostGrpc.newStub(channel).connect(this);
            synchronized (GrpcSessionHost.this) {
                if (call != null && stream == this) {
                    call.onNext(GatewayMessage.newBuilder()
                            .setHello(Hello.newBuilder()
                                    .setGatewayId(gatewayId)
                                    .setInitialCredit(properties.credit().toBytes()))
                            .build());
                }
            }
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<GatewayMessage> requestStream) {
            call = requestStream;
            requestStream.setOnReadyHandler(() -> {
                synchronized (GrpcSessionHost.this) {
                    if (stream == this && up) {
                        drain();
                    }
                }
            });
        }

        void cancel() {
            if (call != null) {
                call.cancel("stream cancelled by the gateway", null);
            }
        }

        @Override
        public void onNext(HostMessage message) {
            if (message.getMessageCase() == HostMessage.MessageCase.HELLO) {
                synchronized (GrpcSessionHost.this) {
                    if (stream != this || closed) {
                        return;
                    }
                    up = true;
                    failures = 0;
                }
                log.info("the stream to host {} is up", address);
                listener.onUp(GrpcSessionHost.this);
            } else {
                listener.onMessage(GrpcSessionHost.this, message);
            }
        }

        @Override
        public void onError(Throwable error) {
            onStreamEnded(this, error);
        }

        @Override
        public void onCompleted() {
            onStreamEnded(
                    this,
                    Status.UNAVAILABLE.withDescription("ended by the host").asRuntimeException());
        }
    }
}
