package dev.guildcast.shard.coordination;

import dev.guildcast.shard.v1.CoordinatorGrpc;
import dev.guildcast.shard.v1.CoordinatorGrpc.CoordinatorStub;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps one stream to some replica of the coordinator: opens it, and opens the next when it is told that it broke.
///
/// - **Owner:** its loop thread; all but [#start] and [#close] are called there.
/// - **Bound:** one channel at a time, one attempt pending.
/// - **Promise:** targets are tried in turn with a jittered, doubling pause; a leader's address that a replica names
///   is tried next, once.
final class GrpcCoordinatorLink {
    private static final Logger log = LoggerFactory.getLogger(GrpcCoordinatorLink.class);
    private static final int CONNECT_TIMEOUT_MILLIS = 2_000;
    private static final long KEEP_ALIVE_SECONDS = 5;
    private static final long KEEP_ALIVE_TIMEOUT_SECONDS = 2;
    private static final long CLOSE_SECONDS = 2;

    private final String name;
    private final CoordinatorTargets targets;
    private final CoordinationTimes times;
    private final Consumer<CoordinatorStub> open;
    private final ScheduledExecutorService loop;

    private @Nullable ManagedChannel channel;
    private @Nullable String channelAddress;
    private int turn;
    private long pauseMillis;
    private boolean complained;
    private boolean closed;

    /// @param open opens the stream; its observer's callbacks come on the loop
    GrpcCoordinatorLink(
            String name, CoordinatorTargets targets, CoordinationTimes times, Consumer<CoordinatorStub> open) {
        this.name = name;
        this.targets = targets;
        this.times = times;
        this.open = open;
        this.turn = ThreadLocalRandom.current().nextInt(targets.addresses().size());
        this.pauseMillis = times.retryMin().toMillis();
        this.loop = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name(name).factory());
    }

    ScheduledExecutorService loop() {
        return loop;
    }

    void start() {
        loop.execute(() -> connect(nextTarget()));
    }

    /// The stream is taken: the next failure is a new one.
    void onAccepted() {
        pauseMillis = times.retryMin().toMillis();
        if (complained) {
            complained = false;
            log.info("{}: connected to the coordinator at {}", name, channelAddress);
        }
    }

    /// The stream broke or was refused: another attempt follows.
    void onBroken(Throwable error) {
        if (closed) {
            return;
        }
        switch (GrpcRefusal.of(error)) {
            case GrpcRefusal.NotLeader other ->
                again(other.leaderAddress().filter(address -> !address.equals(channelAddress)));
            case GrpcRefusal.Misconfigured misconfigured -> {
                if (!complained) {
                    complained = true;
                    log.error("{}: refused by the coordinator: {}", name, misconfigured.message());
                }
                pauseMillis = times.retryMax().toMillis();
                again(Optional.empty());
            }
            case GrpcRefusal.Broken broken -> {
                complain(broken.status().getCode() + " " + broken.status().getDescription());
                again(Optional.empty());
            }
        }
    }

    private void complain(String what) {
        if (!complained) {
            complained = true;
            log.warn("{}: no coordinator at {}: {}; working on with what is known", name, channelAddress, what);
        }
    }

    private void again(Optional<String> leader) {
        long pause = ThreadLocalRandom.current().nextLong(pauseMillis / 2, pauseMillis + 1);
        if (leader.isEmpty() || pauseMillis > times.retryMin().toMillis()) {
            pauseMillis = Math.min(pauseMillis * 2, times.retryMax().toMillis());
        }
        loop.schedule(() -> connect(leader.orElseGet(this::nextTarget)), pause, TimeUnit.MILLISECONDS);
    }

    private String nextTarget() {
        return targets.addresses().get(Math.floorMod(turn++, targets.addresses().size()));
    }

    private void connect(String address) {
        if (closed) {
            return;
        }
        open.accept(CoordinatorGrpc.newStub(channelTo(address)));
    }

    private ManagedChannel channelTo(String address) {
        if (channel != null && address.equals(channelAddress)) {
            channel.resetConnectBackoff();
            return channel;
        }
        dropChannel();
        channelAddress = address;
        channel = NettyChannelBuilder.forTarget("dns:///" + address)
                .usePlaintext()
                .executor(loop)
                .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
                .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(KEEP_ALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .disableRetry()
                .build();
        return channel;
    }

    private void dropChannel() {
        if (channel != null) {
            channel.shutdownNow();
            channel = null;
        }
    }

    /// Ends stream and loop, and waits a moment for both. From any thread but the loop.
    ///
    /// @param endStream asks the stream to end, on the loop
    void close(Runnable endStream) {
        if (loop.isShutdown()) {
            return;
        }
        var last = loop.submit(() -> {
            closed = true;
            endStream.run();
            if (channel != null) {
                channel.shutdown();
            }
            return channel;
        });
        try {
            var ending = last.get(CLOSE_SECONDS, TimeUnit.SECONDS);
            if (ending != null && !ending.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                ending.shutdownNow();
                ending.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException late) {
            log.debug("{}: closed while its loop was busy", name, late);
        }
        loop.shutdownNow();
    }
}
