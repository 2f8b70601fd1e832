package dev.guildcast.session.presence;

import dev.guildcast.presence.v1.BeatBatch;
import dev.guildcast.presence.v1.PresenceStatesGrpc;
import dev.guildcast.presence.v1.StateRequest;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
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
/// - **Bound:** nothing is queued: a batch goes while the stream takes it, or is dropped and counted.
/// - **Promise:** a broken stream is replaced after a jittered pause that grows to [#PAUSE_MAX], and the host is told,
///   so that all sessions beat again.
public final class GrpcPresenceBeats implements BeatSink, AutoCloseable {
    private static final Duration PAUSE_MIN = Duration.ofMillis(100);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(5);
    private static final Logger LOG = LoggerFactory.getLogger(GrpcPresenceBeats.class);

    private final PresenceHost host;
    private final ManagedChannel channel;
    private final ScheduledExecutorService connector = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("presence-beats").daemon(true).factory());
    private final Counter sent;
    private final Counter dropped;
    private final Object sending = new Object();
    private @Nullable ClientCallStreamObserver<BeatBatch> stream;
    private volatile long pauseNanos = PAUSE_MIN.toNanos();
    private volatile boolean closed;

    public GrpcPresenceBeats(String target, PresenceHost host, MeterRegistry registry) {
        this.host = host;
        this.channel = NettyChannelBuilder.forTarget(target)
                .usePlaintext()
                .keepAliveTime(30, TimeUnit.SECONDS)
                .keepAliveTimeout(5, TimeUnit.SECONDS)
                .build();
        this.sent = Counter.builder("guildcast.session.beats.batches.sent")
                .description("Batches of beats and states sent to presence-service")
                .register(registry);
        this.dropped = Counter.builder("guildcast.session.beats.batches.dropped")
                .description("Batches of beats and states that the stream had no room for, or that found none")
                .register(registry);
    }

    /// Begins to connect; returns at once.
    public void start() {
        connector.execute(this::connect);
    }

    @Override
    public boolean offer(BeatBatch batch) {
        synchronized (sending) {
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
            PresenceStatesGrpc.newStub(channel).beat(new Answers());
        }
    }

    private void onReady(ClientCallStreamObserver<BeatBatch> ready) {
        synchronized (sending) {
            if (stream == ready) {
                return;
            }
            stream = ready;
        }
        host.onReconnected();
    }

    private void onBroken(@Nullable ClientCallStreamObserver<BeatBatch> broken, String why) {
        synchronized (sending) {
            if (stream == broken) {
                stream = null;
            }
        }
        if (closed) {
            return;
        }
        long pause = pauseNanos;
        pauseNanos = Math.min(pause * 2, PAUSE_MAX.toNanos());
        LOG.debug("the stream of beats broke: {}", why);
        try {
            var unused = connector.schedule(
                    this::connect, ThreadLocalRandom.current().nextLong(pause / 2, pause + 1), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("beats end");
        }
    }

    @Override
    public void close() {
        closed = true;
        connector.shutdownNow();
        channel.shutdownNow();
    }

    private final class Answers implements ClientResponseObserver<BeatBatch, StateRequest> {
        private @Nullable ClientCallStreamObserver<BeatBatch> call;

        @Override
        public void beforeStart(ClientCallStreamObserver<BeatBatch> requests) {
            call = requests;
            requests.setOnReadyHandler(() -> onReady(requests));
        }

        @Override
        public void onNext(StateRequest request) {
            pauseNanos = PAUSE_MIN.toNanos();
            host.onRequest(request);
        }

        @Override
        public void onError(Throwable failure) {
            onBroken(call, failure.toString());
        }

        @Override
        public void onCompleted() {
            onBroken(call, "ended by presence-service");
        }
    }
}
