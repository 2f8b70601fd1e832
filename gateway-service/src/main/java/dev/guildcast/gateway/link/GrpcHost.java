package dev.guildcast.gateway.link;

import dev.guildcast.link.v1.Credit;
import dev.guildcast.link.v1.GatewayMessage;
import dev.guildcast.link.v1.Hello;
import dev.guildcast.link.v1.HostMessage;
import dev.guildcast.link.v1.SessionHostGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one stream to one host, begun anew whenever it breaks.
///
/// - **Owner:** any thread offers; gRPC's threads receive; both under this object's lock, which is never held while
///   anything outside is called back.
/// - **Bound:** `unsentMax` messages while the host does not read; past that the stream is cut, and everyone asks
///   again on the next. What the host sends is bounded by credit.
/// - **Promise:** messages of one stream arrive in the order in which they were offered.
final class GrpcHost implements Host {
    private static final Logger log = LoggerFactory.getLogger(GrpcHost.class);

    /// What the gateway does with a host's stream. Called from gRPC's threads, one call at a time for each host.
    interface Inbox {
        void onUp(GrpcHost host);

        void onMessage(GrpcHost host, HostMessage message);

        /// @return whether the stream is to be begun anew
        boolean onDown(GrpcHost host);
    }

    private final String address;
    private final String gatewayId;
    private final ManagedChannel channel;
    private final Inbox inbox;
    private final LinkProperties properties;
    private final ScheduledExecutorService timer;
    private final ArrayDeque<GatewayMessage> unsent = new ArrayDeque<>();
    private @Nullable Stream stream;
    private volatile boolean up;
    private boolean closed;
    private int failures;
    private long owedCredit;

    GrpcHost(
            String address,
            String gatewayId,
            ManagedChannel channel,
            Inbox inbox,
            LinkProperties properties,
            ScheduledExecutorService timer) {
        this.address = address;
        this.gatewayId = gatewayId;
        this.channel = channel;
        this.inbox = inbox;
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

    /// Begins the stream on the link's own thread.
    void connectSoon() {
        connectAfter(Duration.ZERO);
    }

    private void connectAfter(Duration delay) {
        try {
            var unused = timer.schedule(this::connect, delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            log.debug("no new stream to {}: the gateway is stopping", address);
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
        next.begin();
    }

    @Override
    public boolean offer(GatewayMessage message) {
        Stream full;
        synchronized (this) {
            if (!up || stream == null) {
                return false;
            }
            if (unsent.size() < properties.unsentMax()) {
                unsent.add(message);
                drain();
                return true;
            }
            full = stream;
        }
        log.warn("host {} has not read {} messages; its stream is begun anew", address, properties.unsentMax());
        full.cut();
        return false;
    }

    /// Sends what the transport takes now. Under the lock.
    private void drain() {
        var to = stream == null ? null : stream.call;
        while (to != null && to.isReady()) {
            var message = unsent.poll();
            if (message == null) {
                return;
            }
            to.onNext(message);
        }
    }

    /// Dispatches of this size have been handed over: the host may send as much again.
    void giveBack(long bytes) {
        long due;
        synchronized (this) {
            owedCredit += bytes;
            if (owedCredit < properties.credit().toBytes() / 4) {
                return;
            }
            due = owedCredit;
            owedCredit = 0;
        }
        offer(GatewayMessage.newBuilder()
                .setCredit(Credit.newBuilder().setBytes(due))
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
            open.cut();
        }
        channel.shutdownNow();
    }

    private void broken(Stream broken, Throwable why) {
        int wait;
        synchronized (this) {
            if (stream != broken) {
                return;
            }
            if (up) {
                log.info(
                        "stream to host {} ended: {}",
                        address,
                        Status.fromThrowable(why).getCode());
            }
            stream = null;
            up = false;
            unsent.clear();
            owedCredit = 0;
            wait = failures++;
        }
        if (inbox.onDown(this)) {
            long nanos = properties.retryMin().toNanos() << Math.min(wait, 10);
            nanos = Math.min(nanos, properties.retryMax().toNanos());
            connectAfter(
                    Duration.ofNanos(nanos / 2 + ThreadLocalRandom.current().nextLong(nanos)));
        }
    }

    private final class Stream implements ClientResponseObserver<GatewayMessage, HostMessage> {
        private @Nullable ClientCallStreamObserver<GatewayMessage> call;

        void begin() {
            SessionHostGrpc.newStub(channel).connect(this);
            synchronized (GrpcHost.this) {
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
                synchronized (GrpcHost.this) {
                    if (stream == this && up) {
                        drain();
                    }
                }
            });
        }

        void cut() {
            if (call != null) {
                call.cancel("stream cut by the gateway", null);
            }
        }

        @Override
        public void onNext(HostMessage message) {
            if (message.getMessageCase() == HostMessage.MessageCase.HELLO) {
                synchronized (GrpcHost.this) {
                    if (stream != this || closed) {
                        return;
                    }
                    up = true;
                    failures = 0;
                }
                log.info("stream to host {} is up", address);
                inbox.onUp(GrpcHost.this);
            } else {
                inbox.onMessage(GrpcHost.this, message);
            }
        }

        @Override
        public void onError(Throwable error) {
            broken(this, error);
        }

        @Override
        public void onCompleted() {
            broken(this, Status.UNAVAILABLE.withDescription("ended by the host").asRuntimeException());
        }
    }
}
