package dev.guildcast.gateway.link;

import com.google.protobuf.ByteString;
import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topology;
import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.delivery.v1.UserDeliver;
import dev.guildcast.session.SessionProperties;
import dev.guildcast.session.attach.AttachMetrics;
import dev.guildcast.session.attach.FrontendContext;
import dev.guildcast.session.attach.HostedShardRegistry;
import dev.guildcast.session.link.GrpcLinkEndpoint;
import dev.guildcast.session.resume.LogPayloadReader;
import dev.guildcast.session.resume.ResumeProperties;
import dev.guildcast.session.shard.SessionShard;
import dev.guildcast.shard.ForwardingShard;
import dev.guildcast.shard.OwnedShard;
import dev.guildcast.shard.RecordCodecs;
import dev.guildcast.shard.RecordContext;
import dev.guildcast.shard.ShardCounters;
import dev.guildcast.shard.ShardDefinition;
import dev.guildcast.shard.ShardListener;
import dev.guildcast.shard.ShardSettings;
import dev.guildcast.shard.memory.MemoryInstallation;
import dev.guildcast.shard.memory.SimulatedShard;
import dev.guildcast.shard.node.PlacementMode;
import dev.guildcast.shard.process.IncarnationId;
import dev.guildcast.shard.v1.Origin;
import dev.guildcast.shard.v1.ShardKind;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.springframework.util.unit.DataSize;

/// A session host as production runs it, with real gRPC and real time, on a log in memory.
///
/// - **Owner:** the test; the shard runs on a loop of its own.
final class HostOnLoopback implements AutoCloseable {
    static final Topology TOPOLOGY = new Topology(1, 0, 1, 1);
    private static final ShardId SHARD = ShardId.session(0);
    private static final Duration DEAD_AFTER = Duration.ofSeconds(4);

    private final MemoryInstallation installation = new MemoryInstallation(TOPOLOGY, System::currentTimeMillis);
    private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor();
    private final ScheduledExecutorService sweeper = Executors.newSingleThreadScheduledExecutor();
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final SimulatedShard<SessionRecord> shard;
    private final Server server;
    private long published;

    HostOnLoopback() throws IOException {
        var hostedShards = new HostedShardRegistry(new FrontendContext(
                TOPOLOGY,
                new SessionProperties(Duration.ofSeconds(180), PlacementMode.STATIC, Duration.ZERO),
                new ResumeProperties(Duration.ofMinutes(5), 16_384, Duration.ofMinutes(5), DataSize.ofMegabytes(64)),
                (index, offsets, reply) -> LogPayloadReader.Offer.FULL,
                () -> 42,
                System::nanoTime,
                new AttachMetrics(meters)));
        var machine = new SessionShard(SHARD, TOPOLOGY, Duration.ofMinutes(5), 16_384);
        shard = new SimulatedShard<>(
                installation,
                new IncarnationId(SHARD, 77, "host"),
                new ShardDefinition<>(
                        RecordCodecs.SESSION, machine, new OnLoop<>(hostedShards.listener(machine)), false),
                ShardSettings.sessionDefaults(SHARD),
                new ShardCounters() {},
                System::nanoTime);
        var endpoint = new GrpcLinkEndpoint(hostedShards, TOPOLOGY, "host", DEAD_AFTER, meters, System::nanoTime);
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .permitKeepAliveTime(5, TimeUnit.SECONDS)
                .addService(endpoint)
                .build()
                .start();
        loop.execute(() -> shard.claim(1));
        loop.scheduleWithFixedDelay(this::run, 0, 2, TimeUnit.MILLISECONDS);
        sweeper.scheduleWithFixedDelay(endpoint::endSilentStreams, 250, 250, TimeUnit.MILLISECONDS);
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort());
    }

    boolean live() throws Exception {
        return loop.submit(() -> shard.shard().live()).get();
    }

    /// One event for each of these users, `EVENT` with the number of the event as its `d`.
    void publish(Iterable<Long> users) {
        var deliver = UserDeliver.newBuilder()
                .setType("EVENT")
                .setData(ByteString.copyFromUtf8(Long.toString(published)))
                .addAllUsers(users);
        installation
                .log(SHARD)
                .append(SessionRecord.newBuilder()
                        .setOrigin(Origin.newBuilder()
                                .setKind(ShardKind.USER)
                                .setOffset(published)
                                .setPrevOffset(published - 1)
                                .setPrevIndex(published == 0 ? -1 : 0))
                        .setUserDeliver(deliver)
                        .build()
                        .toByteArray());
        published++;
    }

    private void run() {
        boolean more = true;
        for (int i = 0; more && i < 100; i++) {
            more = shard.completeEndFetch();
            more |= shard.applyOne();
            for (var target : shard.targets()) {
                shard.deliver(target, 1);
                more = true;
            }
            more |= shard.acknowledge();
            more |= shard.stepCheckpoint();
        }
        shard.tick();
    }

    @Override
    public void close() {
        server.shutdownNow();
        loop.shutdownNow();
        sweeper.shutdownNow();
    }

    /// Hands what other threads execute over to the loop.
    private final class OnLoop<R, A> implements ShardListener<R, A> {
        private final ShardListener<R, A> listener;

        OnLoop(ShardListener<R, A> listener) {
            this.listener = listener;
        }

        @Override
        public void onStarted(OwnedShard owned) {
            listener.onStarted(new ForwardingShard(owned) {
                @Override
                public boolean execute(Runnable action) {
                    try {
                        loop.execute(action);
                        return true;
                    } catch (RejectedExecutionException e) {
                        return false; // The host is closed.
                    }
                }
            });
        }

        @Override
        public void onApplied(R record, RecordContext context, A applied) {
            listener.onApplied(record, context, applied);
        }

        @Override
        public void onLive(boolean live) {
            listener.onLive(live);
        }

        @Override
        public void onTick(long nowNanos) {
            listener.onTick(nowNanos);
        }

        @Override
        public void onBatchEnd() {
            listener.onBatchEnd();
        }

        @Override
        public void onStopped(String reason) {
            listener.onStopped(reason);
        }
    }
}
