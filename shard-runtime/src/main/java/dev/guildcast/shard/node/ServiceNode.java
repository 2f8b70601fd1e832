package dev.guildcast.shard.node;

import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.ShardCounters;
import dev.guildcast.shard.ShardFactory;
import dev.guildcast.shard.ShardSettings;
import dev.guildcast.shard.ShardStatus;
import dev.guildcast.shard.coordination.CoordinationTimes;
import dev.guildcast.shard.coordination.CoordinatorTargets;
import dev.guildcast.shard.coordination.GrpcNodeRegistration;
import dev.guildcast.shard.coordination.NodeRegistration;
import dev.guildcast.shard.coordination.StaticRegistration;
import dev.guildcast.shard.node.NodeSettings.CoordinatorPlacement;
import dev.guildcast.shard.node.NodeSettings.StaticPlacement;
import dev.guildcast.shard.storage.ShardStorage;
import dev.guildcast.shard.v1.NodeHello;
import dev.guildcast.shard.v1.Topology;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The life cycle of a service's process as a node: it registers once its gRPC address is known, drains, and closes.
///
/// - **Owner:** started and stopped by the application's thread; queries from any thread.
/// - **Promise:** no shard is claimed before other processes can reach this one; why a registration was refused is
///   kept and logged once.
public final class ServiceNode implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ServiceNode.class);

    private final NodeSettings settings;
    private final Supplier<ShardStorage> storage;
    private final ShardFactory factory;
    private final Function<ShardId, ShardSettings> shardSettings;
    private final Function<ShardId, ShardCounters> counters;
    private final Runnable onRefused;
    private volatile @Nullable ShardNode node;
    private volatile @Nullable String refusal;

    /// @param storage opened at the start and closed with the node
    /// @param shardSettings bounds by shard
    /// @param counters counters by shard
    /// @param onRefused called when the coordinator refuses the node's configuration, from any thread
    public ServiceNode(
            NodeSettings settings,
            Supplier<ShardStorage> storage,
            ShardFactory factory,
            Function<ShardId, ShardSettings> shardSettings,
            Function<ShardId, ShardCounters> counters,
            Runnable onRefused) {
        this.settings = settings;
        this.storage = storage;
        this.factory = factory;
        this.shardSettings = shardSettings;
        this.counters = counters;
        this.onRefused = onRefused;
    }

    /// Registers this node, which begins to own the shards that it is assigned. Further calls do nothing.
    ///
    /// @param grpcPort the port that this process's gRPC server has bound
    public synchronized void start(int grpcPort) {
        if (node != null) {
            return;
        }
        var address = settings.address().isBlank() ? "127.0.0.1:" + grpcPort : settings.address();
        var started =
                new ShardNode(settings.id(), storage.get(), factory, registration(address), shardSettings, counters);
        node = started;
        started.start();
        log.info(
                "node {} at {} takes its shards by {} placement",
                settings.id(),
                address,
                settings.placement() instanceof StaticPlacement ? "static" : "the coordinator's");
    }

    private NodeRegistration registration(String address) {
        return switch (settings.placement()) {
            case StaticPlacement placement -> new StaticRegistration(placement.shards());
            case CoordinatorPlacement placement ->
                new GrpcNodeRegistration(
                        CoordinatorTargets.parse(placement.target()),
                        CoordinationTimes.DEFAULT,
                        placement.identity(),
                        hello(address),
                        this::onRegistrationRefused);
        };
    }

    private NodeHello hello(String address) {
        var topology = settings.topology();
        var hello = NodeHello.newBuilder()
                .setNodeId(settings.id())
                .setAddress(address)
                .setTopology(Topology.newBuilder()
                        .setGuildShards(topology.guildShards())
                        .setDedicatedShards(topology.dedicatedShards())
                        .setUserShards(topology.userShards())
                        .setSessionShards(topology.sessionShards())
                        .setPrefix(settings.prefix()));
        settings.kinds().stream()
                .sorted()
                .map(kind -> new ShardId(kind, 0).protoKind())
                .forEach(hello::addKinds);
        return hello.build();
    }

    private void onRegistrationRefused(String reason) {
        // The link to the coordinator has logged it.
        refusal = reason;
        onRefused.run();
    }

    /// Why this node cannot be assigned shards; null if no reason is known.
    public @Nullable String notReadyReason() {
        return node == null ? "the node has not started yet" : refusal;
    }

    /// Every shard that runs here, in order.
    public List<ShardStatus> statuses() {
        var running = node;
        return running == null ? List.of() : running.statuses();
    }

    /// Asks the coordinator to move all shards to other nodes, and waits for that as long as the settings say.
    public void drain() throws InterruptedException {
        var running = node;
        if (running != null
                && settings.placement() instanceof CoordinatorPlacement placement
                && !placement.drain().isZero()
                && !running.drain(placement.drain())) {
            log.warn(
                    "{} shards are still here after the drain of {} and wait for a failover: {}; raise session.drain or"
                            + " fanout.drain, or add a node that can take them",
                    running.statuses().size(),
                    placement.drain(),
                    running.statuses().stream()
                            .map(status -> status.shard().toString())
                            .toList());
        }
    }

    @Override
    public synchronized void close() {
        if (node != null) {
            node.close();
        }
    }
}
