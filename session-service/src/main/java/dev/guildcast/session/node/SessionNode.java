package dev.guildcast.session.node;

import dev.guildcast.contract.ShardId;
import dev.guildcast.session.SessionProperties;
import dev.guildcast.session.installation.InstallationProperties;
import dev.guildcast.shard.MeterShardCounters;
import dev.guildcast.shard.NodeRegistration;
import dev.guildcast.shard.ShardFactory;
import dev.guildcast.shard.ShardNode;
import dev.guildcast.shard.ShardSettings;
import dev.guildcast.shard.ShardStatus;
import dev.guildcast.shard.ShardStorage;
import dev.guildcast.shard.StaticRegistration;
import dev.guildcast.shard.coordination.CoordinationTimes;
import dev.guildcast.shard.coordination.CoordinatorTargets;
import dev.guildcast.shard.coordination.GrpcNodeRegistration;
import dev.guildcast.shard.coordination.GrpcShardMap;
import dev.guildcast.shard.v1.NodeHello;
import dev.guildcast.shard.v1.ShardKind;
import dev.guildcast.shard.v1.Topology;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The session shards of this process, from the moment at which it can be reached.
///
/// - **Owner:** started and stopped by the application's thread; queries from any thread.
/// - **Promise:** it registers only when its address is known, and says why it is refused.
public final class SessionNode implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SessionNode.class);

    private final InstallationProperties installation;
    private final SessionProperties session;
    private final Supplier<ShardStorage> storage;
    private final ShardFactory factory;
    private final MeterRegistry registry;
    private volatile @Nullable ShardNode node;
    private volatile @Nullable GrpcShardMap map;
    private volatile @Nullable String refused;

    SessionNode(
            InstallationProperties installation,
            SessionProperties session,
            Supplier<ShardStorage> storage,
            ShardFactory factory,
            MeterRegistry registry) {
        this.installation = installation;
        this.session = session;
        this.storage = storage;
        this.factory = factory;
        this.registry = registry;
    }

    /// Begins to own shards.
    ///
    /// @param grpcPort the port that this process's gRPC server has bound
    synchronized void start(int grpcPort) {
        if (node != null) {
            return;
        }
        var given = installation.node().address();
        var address = given.isBlank() ? "127.0.0.1:" + grpcPort : given;
        var counters = new MeterShardCounters(registry, ShardId.Kind.SESSION);
        var started = new ShardNode(
                installation.node().id(),
                storage.get(),
                factory,
                registration(address),
                ShardSettings::sessionDefaults,
                shard -> counters);
        node = started;
        started.start();
        LOG.info("node {} at {} waits for shards", installation.node().id(), address);
    }

    private NodeRegistration registration(String address) {
        return switch (session.placement()) {
            case STATIC ->
                new StaticRegistration(IntStream.range(0, installation.shards().sessionShards())
                        .mapToObj(ShardId::session)
                        .toList());
            case COORDINATOR -> {
                var targets =
                        CoordinatorTargets.parse(installation.coordinator().target());
                var watched = new GrpcShardMap(targets, CoordinationTimes.DEFAULT);
                watched.start();
                map = watched;
                yield new GrpcNodeRegistration(targets, CoordinationTimes.DEFAULT, hello(address), this::onRefused);
            }
        };
    }

    private NodeHello hello(String address) {
        var shards = installation.shards();
        return NodeHello.newBuilder()
                .setNodeId(installation.node().id())
                .setAddress(address)
                .addKinds(ShardKind.SESSION)
                .setTopology(Topology.newBuilder()
                        .setGuildShards(shards.guildShards())
                        .setDedicatedShards(shards.dedicatedShards())
                        .setUserShards(shards.userShards())
                        .setSessionShards(shards.sessionShards())
                        .setPrefix(installation.kafka().prefix()))
                .build();
    }

    private void onRefused(String why) {
        if (!why.equals(refused)) {
            LOG.error("the coordinator refuses this node: {}", why);
        }
        refused = why;
    }

    /// Why this node cannot own shards; null if nothing is known to stand against it.
    @Nullable
    String obstacle() {
        if (node == null) {
            return "not started";
        }
        if (refused != null) {
            return refused;
        }
        var watched = map;
        return watched != null && watched.revision() == 0 ? "the coordinator has not been reached" : null;
    }

    /// Every session shard that runs here, in order.
    public List<ShardStatus> statuses() {
        var running = node;
        return running == null ? List.of() : running.statuses();
    }

    /// Asks to be rid of all shards, and waits as long as `session.drain` says.
    void drain() throws InterruptedException {
        var running = node;
        if (running != null
                && session.placement() == SessionProperties.Placement.COORDINATOR
                && !session.drain().isZero()
                && !running.drain(session.drain())) {
            LOG.warn("shards were still here after {}", session.drain());
        }
    }

    @Override
    public synchronized void close() {
        if (node != null) {
            node.close();
        }
        if (map != null) {
            map.close();
        }
    }
}
