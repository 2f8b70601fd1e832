package dev.guildcast.gateway.link;

import dev.guildcast.link.v1.Credit;
import dev.guildcast.link.v1.GatewayMessage;
import dev.guildcast.link.v1.Hello;
import dev.guildcast.link.v1.HostHello;
import dev.guildcast.link.v1.HostMessage;
import dev.guildcast.link.v1.Ping;
import dev.guildcast.link.v1.Pong;
import dev.guildcast.link.v1.UserGuildsRequest;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/// The gRPC stream to one session host; opened again, on a new connection, whenever it has ended or gone silent.
///
/// - **Owner:** any thread offers, gRPC's threads receive, the link's timer checks; all under this object's lock, which
///   is never held during callbacks to other objects.
/// - **Bound:** `unsentMax` messages while the host does not read; above it the stream is cancelled, and every session
///   attaches again on the next one. What the host sends is bounded by credit.
/// - **Promise:** messages of one stream are sent in the order in which they were offered. Nothing of an earlier stream
///   is passed on once it has ended.
final class GrpcSessionHost implements SessionHost, GrpcHostStream.Listener {
    private static final Logger log = LoggerFactory.getLogger(GrpcSessionHost.class);

    /// Receives the events of a host's stream: from gRPC's threads, one call at a time for each host, and from the
    /// link's timer.
    interface StreamListener {
        void onUp(GrpcSessionHost host);

        void onMessage(GrpcSessionHost host, HostMessage message);

        /// The loop of a session shard on this host does not answer.
        void onShardSilent(GrpcSessionHost host, int shard);

        /// @return whether to reconnect
        boolean onDown(GrpcSessionHost host);
    }

    /// A live owner responds within milliseconds; a client that waits for `/gateway/bot` does not notice this delay.
    private static final long GUILD_COUNT_MILLIS_MAX = 1000;

    private final String address;
    private final GrpcHostContext context;
    private final LinkProperties properties;
    private final StreamListener listener;
    private final ArrayDeque<GatewayMessage> unsent = new ArrayDeque<>();
    private @Nullable GrpcHostStream stream;
    /// Null until the host has said that it answers pings.
    private @Nullable StreamLiveness liveness;
    private volatile boolean up;
    private volatile boolean silent;
    private volatile long lastReceivedNanos;
    private boolean closed;
    private int failures;
    private long unreturnedCredit;

    GrpcSessionHost(String address, GrpcHostContext context, StreamListener listener) {
        this.address = address;
        this.context = context;
        this.properties = context.properties();
        this.listener = listener;
        this.lastReceivedNanos = context.nanoTime().getAsLong();
    }

    @Override
    public String address() {
        return address;
    }

    @Override
    public boolean isUp() {
        return up;
    }

    @Override
    public boolean isSilent() {
        return silent;
    }

    /// Time since anything was received from this host. From any thread.
    long silenceNanos() {
        return Math.max(0, context.nanoTime().getAsLong() - lastReceivedNanos);
    }

    /// Asks the host for the number of a user's guilds; empty if it does not own the user's shard, or does not respond.
    Mono<OptionalInt> guildCount(long userId) {
        GrpcHostStream current;
        synchronized (this) {
            current = stream;
        }
        if (current == null) {
            return Mono.just(OptionalInt.empty());
        }
        var request = UserGuildsRequest.newBuilder().addUsers(userId).build();
        return Mono.create(
                sink -> current.userGuilds(request, GUILD_COUNT_MILLIS_MAX, new GrpcGuildCountObserver(address, sink)));
    }

    // ---- opening the stream

    /// Opens the stream on the link's timer thread.
    void connectAsync() {
        connectAfter(Duration.ZERO);
    }

    private void connectAfter(Duration delay) {
        try {
            var unused = context.timer().schedule(this::connect, delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            log.debug("not reconnecting to host {}: the gateway is stopping", address);
        }
    }

    private void connect() {
        try {
            openStream();
        } catch (RuntimeException e) {
            log.error("no channel could be created to host {}; it is tried again", address, e);
            connectAfter(properties.retryMax());
        }
    }

    private void openStream() {
        GrpcHostStream next;
        synchronized (this) {
            if (closed || stream != null) {
                return;
            }
            next = new GrpcHostStream(
                    context.channels().apply(address), this, context.nanoTime().getAsLong());
            stream = next;
        }
        next.start();
        synchronized (this) {
            if (stream == next) {
                next.send(GatewayMessage.newBuilder()
                        .setHello(Hello.newBuilder()
                                .setGatewayId(context.gatewayId())
                                .setInitialCredit(properties.credit().toBytes())
                                .setHoldMillis((int) Math.min(
                                        Integer.MAX_VALUE, properties.hold().toMillis())))
                        .build());
            }
        }
    }

    // ---- sending

    @Override
    public boolean offer(GatewayMessage message) {
        GrpcHostStream overflowed;
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
        overflowed.abandon("the host does not read");
        return false;
    }

    /// Sends as much as the transport takes now. Called under the lock.
    private void drain() {
        var target = stream;
        while (target != null && target.isReady()) {
            var message = unsent.poll();
            if (message == null) {
                return;
            }
            target.send(message);
        }
    }

    @Override
    public void onWritable(GrpcHostStream writable) {
        synchronized (this) {
            if (stream == writable && up) {
                drain();
            }
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

    // ---- receiving

    @Override
    public void onMessage(GrpcHostStream from, HostMessage message) {
        long now = context.nanoTime().getAsLong();
        synchronized (this) {
            if (stream != from || closed) {
                return;
            }
            lastReceivedNanos = now;
            if (liveness != null) {
                liveness.onReceived(now);
                if (message.hasPong()) {
                    onPong(liveness, message.getPong(), now);
                }
            }
        }
        if (message.hasHello()) {
            onHello(from, message.getHello(), now);
        } else if (!message.hasPong()) {
            listener.onMessage(this, message);
        }
    }

    private static void onPong(StreamLiveness liveness, Pong pong, long now) {
        if (pong.hasShard()) {
            liveness.onShardPong(pong.getShard(), pong.getId(), now);
        } else {
            liveness.onPong(pong.getId(), now);
        }
    }

    private void onHello(GrpcHostStream from, HostHello hello, long now) {
        synchronized (this) {
            if (stream != from || closed) {
                return;
            }
            up = true;
            silent = false;
            failures = 0;
            liveness = hello.getAnswersPings() ? new StreamLiveness(properties, now) : null;
        }
        log.info("the stream to host {} is up", address);
        listener.onUp(this);
    }

    // ---- the deadline

    /// Sends pings, and gives up a stream that does not work. Called about every [GrpcSessionClient#TICK].
    ///
    /// @param processPaused whether this process was paused until now
    void onTick(boolean processPaused) {
        long now = context.nanoTime().getAsLong();
        String failure;
        GrpcHostStream current;
        List<Integer> silentShards = List.of();
        long ping = 0;
        synchronized (this) {
            current = stream;
            if (current == null) {
                return;
            }
            if (processPaused && liveness != null) {
                liveness.onPaused(now);
            }
            failure = failure(current, now);
            if (failure.isEmpty() && liveness != null) {
                silentShards = liveness.takeSilentShards(now);
                ping = liveness.takePing(now);
            }
        }
        if (!failure.isEmpty()) {
            giveUp(current, failure);
            return;
        }
        if (ping != 0) {
            offer(GatewayMessage.newBuilder()
                    .setPing(Ping.newBuilder().setId(ping))
                    .build());
        }
        for (int shard : silentShards) {
            context.metrics().deadline("shard");
            log.warn(
                    "session shard {} on host {} does not answer pings, but its host does: its sessions look for"
                            + " another owner",
                    shard,
                    address);
            listener.onShardSilent(this, shard);
        }
    }

    /// Why the stream is given up; empty if it is not. Called under the lock.
    private String failure(GrpcHostStream current, long now) {
        if (!up) {
            // Doubled with each failed attempt after the first: a host that is slow to accept under load gets more
            // time.
            long patience = properties.connectWithin().toNanos() << Math.clamp(failures - 1, 0, 2);
            return now - current.startedNanos() >= patience ? "connect" : "";
        }
        return switch (liveness == null ? StreamLiveness.Verdict.ALIVE : liveness.verdict(now)) {
            case ALIVE -> "";
            case SILENT -> "silent";
            case UNANSWERED -> "unanswered";
        };
    }

    private void giveUp(GrpcHostStream abandoned, String failure) {
        context.metrics().deadline(failure);
        log.warn(
                "nothing has come from host {} for {} ms ({}): its stream is given up and opened again on a new"
                        + " connection; sessions without another owner are asked to reconnect within"
                        + " gateway.link.unreachable-max",
                address,
                silenceNanos() / 1_000_000,
                failure);
        end(abandoned, Status.DEADLINE_EXCEEDED.asRuntimeException(), true);
        abandoned.abandon("nothing has come from the host in time");
    }

    // ---- the end

    void close() {
        GrpcHostStream open;
        synchronized (this) {
            closed = true;
            up = false;
            open = stream;
        }
        if (open != null) {
            open.abandon("the gateway closes the stream");
        }
    }

    @Override
    public void onEnded(GrpcHostStream ended, Throwable cause) {
        end(ended, cause, false);
    }

    private void end(GrpcHostStream ended, Throwable cause, boolean bySilence) {
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
            liveness = null;
            up = false;
            silent = bySilence;
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
}
