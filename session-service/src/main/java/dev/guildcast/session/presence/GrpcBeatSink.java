package dev.guildcast.session.presence;

import dev.guildcast.presence.v1.BeatBatch;
import dev.guildcast.presence.v1.PresenceStatesGrpc;
import dev.guildcast.presence.v1.StateRequest;
import dev.guildcast.shard.access.GrpcIdentity;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One stream of beats to presence-service.
///
/// - **Owner:** its own scheduler connects; shards' loops send.
/// - **Bound:** nothing is queued: a batch is sent if the stream is ready, or else dropped and counted.
/// - **Promise:** a broken stream is replaced after a jittered pause that grows to [#PAUSE_MAX], after which all
///   sessions beat again.
final class GrpcBeatSink implements BeatSink, AutoCloseable {
    /// Short enough that a restarted presence-service misses less than one round of beats.
    private static final Duration PAUSE_MIN = Duration.ofMillis(100);
    /// Limits the reconnects during a long outage, and is still well below the time to live of presences.
    private static final Duration PAUSE_MAX = Duration.ofSeconds(5);
    private static final Logger log = LoggerFactory.getLogger(GrpcBeatSink.class);

    private final PresenceBeatRegistry beatRegistry;
    private final ManagedChannel channel;
    private final ScheduledExecutorService connector = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("presence-beats").daemon(true).factory());
    private final Counter sent;
    private final Counter dropped;
    private final Object sendLock = new Object();
    private @Nullable ClientCallStreamObserver<BeatBatch> stream;
    private volatile long pauseNanos = PAUSE_MIN.toNanos();
    private volatile boolean closed;

    GrpcBeatSink(String target, GrpcIdentity identity, PresenceBeatRegistry beatRegistry, MeterRegistry registry) {
        this.beatRegistry = beatRegistry;
        this.channel = identity.channel(target)
                .keepAliveTime(30, TimeUnit.SECONDS)
                .keepAliveTimeout(5, TimeUnit.SECONDS)
                .build();
        this.sent = Counter.builder("guildcast.session.beats.batches.sent")
                .description("Batches of beats and states sent to presence-service")
                .register(registry);
        this.dropped = Counter.builder("guildcast.session.beats.batches.dropped")
                .description("Batches of beats and states dropped because there was no stream or it was not ready")
                .register(registry);
    }

    /// Begins to connect; returns at once.
    public void start() {
        connector.execute(this::connect);
    }

    @Override
    public boolean offer(BeatBatch batch) {
        synchronized (sendLock) {
            if (stream != null && stream.isReady()) {
                stream.onNext(batch);
                sent.increment();
                return true;
            }
        }
        dropped.increment();
        return false;
    }

    private void connect() {
        if (!closed) {
            PresenceStatesGrpc.newStub(channel).beat(new StateRequestObserver());
        }
    }

    private void onReady(ClientCallStreamObserver<BeatBatch> ready) {
        synchronized (sendLock) {
            if (stream == ready) {
                return;
            }
            stream = ready;
        }
        beatRegistry.onReconnected();
    }

    private void onBroken(@Nullable ClientCallStreamObserver<BeatBatch> broken, String reason) {
        synchronized (sendLock) {
            if (stream == broken) {
                stream = null;
            }
        }
        if (closed) {
            return;
        }
        long pause = pauseNanos;
        pauseNanos = Math.min(pause * 2, PAUSE_MAX.toNanos());
        log.debug("the stream of beats to presence-service broke and is opened again: {}", reason);
        try {
            var unused = connector.schedule(
                    this::connect, ThreadLocalRandom.current().nextLong(pause / 2, pause + 1), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            log.debug("the sender of beats is closed and does not reconnect");
        }
    }

    @Override
    public void close() {
        closed = true;
        connector.shutdownNow();
        channel.shutdownNow();
    }

    private final class StateRequestObserver implements ClientResponseObserver<BeatBatch, StateRequest> {
        private @Nullable ClientCallStreamObserver<BeatBatch> call;

        @Override
        public void beforeStart(ClientCallStreamObserver<BeatBatch> requests) {
            call = requests;
            requests.setOnReadyHandler(() -> onReady(requests));
        }

        @Override
        public void onNext(StateRequest request) {
            pauseNanos = PAUSE_MIN.toNanos();
            beatRegistry.onStateRequest(request);
        }

        @Override
        public void onError(Throwable failure) {
            onBroken(call, failure.toString());
        }

        @Override
        public void onCompleted() {
            onBroken(call, "presence-service completed it");
        }
    }
}
