package dev.guildcast.shard.coordination;

import dev.guildcast.shard.access.GrpcIdentity;
import dev.guildcast.shard.v1.CoordinatorGrpc;
import dev.guildcast.shard.v1.CoordinatorGrpc.CoordinatorStub;
import io.grpc.ManagedChannel;
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

/// Keeps one stream to a replica of the coordinator: opens it, and reopens it after a failure.
///
/// - **Owner:** its loop thread; all methods but [#start] and [#close] are called there.
/// - **Bound:** one channel at a time, one attempt pending.
/// - **Promise:** targets are tried in turn with a jittered, exponential back-off; a leader's address that a replica
///   names is tried next, once.
final class GrpcCoordinatorLink {
    private static final Logger log = LoggerFactory.getLogger(GrpcCoordinatorLink.class);
    /// Below the lease of 3 s, so that an unreachable replica leaves time to try another one.
    private static final int CONNECT_TIMEOUT_MILLIS = 2_000;
    /// Detects a dead connection of the shard map's stream, on which the node itself sends nothing.
    private static final long KEEP_ALIVE_SECONDS = 5;
    /// Many times a round trip within a cluster; with the interval, a dead replica is noticed within 7 s.
    private static final long KEEP_ALIVE_TIMEOUT_SECONDS = 2;
    /// Wait at shutdown for each step of closing: the last report is sent, but an absent peer delays nothing for long.
    private static final long CLOSE_SECONDS = 2;

    private final String name;
    private final CoordinatorTargets targets;
    private final CoordinationTimes times;
    private final GrpcIdentity identity;
    private final Consumer<CoordinatorStub> open;
    private final ScheduledExecutorService loop;

    private @Nullable ManagedChannel channel;
    private @Nullable String channelAddress;
    private int nextTargetIndex;
    private long backoffMillis;
    private boolean outageLogged;
    private boolean closed;

    /// @param identity proves this process's role to the coordinator
    /// @param open opens the stream; callbacks of its observer run on the loop
    GrpcCoordinatorLink(
            String name,
            CoordinatorTargets targets,
            CoordinationTimes times,
            GrpcIdentity identity,
            Consumer<CoordinatorStub> open) {
        this.name = name;
        this.targets = targets;
        this.times = times;
        this.identity = identity;
        this.open = open;
        this.nextTargetIndex =
                ThreadLocalRandom.current().nextInt(targets.addresses().size());
        this.backoffMillis = times.retryMin().toMillis();
        this.loop = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name(name).factory());
    }

    ScheduledExecutorService loop() {
        return loop;
    }

    void start() {
        loop.execute(() -> connect(nextTarget()));
    }

    /// The coordinator accepted the stream: resets the back-off, and logs the end of an outage.
    void onStreamAccepted() {
        backoffMillis = times.retryMin().toMillis();
        if (outageLogged) {
            outageLogged = false;
            log.info("{}: connected to the coordinator at {}", name, channelAddress);
        }
    }

    /// The stream failed or was refused: another attempt follows.
    void onStreamFailed(Throwable error) {
        if (closed) {
            return;
        }
        switch (GrpcCoordinatorErrors.refusalOf(error)) {
            case GrpcCoordinatorRefusal.NotLeader notLeader ->
                reconnect(notLeader.leaderAddress().filter(address -> !address.equals(channelAddress)));
            case GrpcCoordinatorRefusal.Misconfigured misconfigured -> {
                if (!outageLogged) {
                    outageLogged = true;
                    log.error(
                            "{}: the coordinator refuses this node, which gets no shards and no shard map: {}; correct"
                                    + " its configuration and restart it",
                            name,
                            misconfigured.message());
                }
                backoffMillis = times.retryMax().toMillis();
                reconnect(Optional.empty());
            }
            case GrpcCoordinatorRefusal.StreamFailure failure -> {
                warnOnce(failure.status().getCode() + " " + failure.status().getDescription());
                reconnect(Optional.empty());
            }
        }
    }

    private void warnOnce(String cause) {
        if (!outageLogged) {
            outageLogged = true;
            log.warn(
                    "{}: no coordinator at {}: {}; the last map and the owned shards stay, and attempts continue",
                    name,
                    channelAddress,
                    cause);
        }
    }

    private void reconnect(Optional<String> leader) {
        long delayMillis = ThreadLocalRandom.current().nextLong(backoffMillis / 2, backoffMillis + 1);
        if (leader.isEmpty() || backoffMillis > times.retryMin().toMillis()) {
            backoffMillis = Math.min(backoffMillis * 2, times.retryMax().toMillis());
        }
        loop.schedule(() -> connect(leader.orElseGet(this::nextTarget)), delayMillis, TimeUnit.MILLISECONDS);
    }

    private String nextTarget() {
        return targets.addresses()
                .get(Math.floorMod(nextTargetIndex++, targets.addresses().size()));
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
        channel = identity.channel("dns:///" + address)
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

    /// Closes stream and loop, and waits briefly for both. From any thread but the loop.
    ///
    /// @param endStream completes or cancels the stream; runs on the loop
    void close(Runnable endStream) {
        if (loop.isShutdown()) {
            return;
        }
        var closing = loop.submit(() -> {
            closed = true;
            endStream.run();
            if (channel != null) {
                channel.shutdown();
            }
            return channel;
        });
        try {
            var ending = closing.get(CLOSE_SECONDS, TimeUnit.SECONDS);
            if (ending != null && !ending.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                ending.shutdownNow();
                ending.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException late) {
            log.debug("{}: closed, but its loop did not end the stream in time", name, late);
        }
        loop.shutdownNow();
    }
}
