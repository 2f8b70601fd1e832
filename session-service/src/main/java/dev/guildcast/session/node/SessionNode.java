package dev.guildcast.session.node;

import dev.guildcast.contract.ShardId;
import dev.guildcast.session.SessionProperties;
import dev.guildcast.shard.MeterShardCounters;
import dev.guildcast.shard.ShardFactory;
import dev.guildcast.shard.ShardSettings;
import dev.guildcast.shard.ShardStatus;
import dev.guildcast.shard.coordination.CoordinationTimes;
import dev.guildcast.shard.coordination.GrpcNodeRegistration;
import dev.guildcast.shard.coordination.GrpcShardMap;
import dev.guildcast.shard.installation.InstallationProperties;
import dev.guildcast.shard.installation.NodeIdentity;
import dev.guildcast.shard.node.NodeRegistration;
import dev.guildcast.shard.node.ShardNode;
import dev.guildcast.shard.node.StaticRegistration;
import dev.guildcast.shard.storage.ShardStorage;
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

/// Runs the session shards of this process, once its gRPC address is known.
///
/// - **Owner:** started and stopped by the application's thread; queries from any thread.
/// - **Promise:** it registers only when its address is known, and reports why a registration was refused.
public final class SessionNode implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SessionNode.class);

    private final InstallationProperties installation;
    private final NodeIdentity identity;
    private final SessionProperties session;
    private final Supplier<ShardStorage> storage;
    private final ShardFactory factory;
    private final MeterRegistry registry;
    private volatile @Nullable ShardNode node;
    private volatile @Nullable GrpcShardMap shardMap;
    private volatile @Nullable String registrationRefusal;

    SessionNode(
            InstallationProperties installation,
            NodeIdentity identity,
            SessionProperties session,
            Supplier<ShardStorage> storage,
            ShardFactory factory,
            MeterRegistry registry) {
        this.installation = installation;
        this.identity = identity;
        this.session = session;
        this.storage = storage;
        this.factory = factory;
        this.registry = registry;
    }

    /// Registers this node, which begins to own the shards that it is assigned.
    ///
    /// @param grpcPort the port that this process's gRPC server has bound
    synchronized void start(int grpcPort) {
        if (node != null) {
            return;
        }
        var address = identity.address(grpcPort);
        var counters = new MeterShardCounters(registry, ShardId.Kind.SESSION);
        var started = new ShardNode(
                identity.id(),
                storage.get(),
                factory,
                registration(address),
                ShardSettings::sessionDefaults,
                shard -> counters);
        node = started;
        started.start();
        log.info("node {} at {} is registering and waits for its session shards", identity.id(), address);
    }

    private NodeRegistration registration(String address) {
        return switch (session.placement()) {
            case STATIC ->
                new StaticRegistration(
                        IntStream.range(0, installation.toTopology().sessionShards())
                                .mapToObj(ShardId::session)
                                .toList());
            case COORDINATOR -> {
                var targets = installation.coordinator().targets();
                var watchedMap = new GrpcShardMap(targets, CoordinationTimes.DEFAULT);
                watchedMap.start();
                shardMap = watchedMap;
                yield new GrpcNodeRegistration(
                        targets, CoordinationTimes.DEFAULT, hello(address), this::onRegistrationRefused);
            }
        };
    }

    private NodeHello hello(String address) {
        var shards = installation.toTopology();
        return NodeHello.newBuilder()
                .setNodeId(identity.id())
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

    private void onRegistrationRefused(String reason) {
        if (!reason.equals(registrationRefusal)) {
            log.error(
                    "the coordinator refused this node, so it is assigned no shards; correct its settings: {}", reason);
        }
        registrationRefusal = reason;
    }

    /// Why this node cannot be assigned shards; null if no reason is known.
    @Nullable
    String notReadyReason() {
        if (node == null) {
            return "the node has not started yet";
        }
        if (registrationRefusal != null) {
            return registrationRefusal;
        }
        var watchedMap = shardMap;
        return watchedMap != null && watchedMap.revision() == 0 ? "the coordinator has not been reached yet" : null;
    }

    /// Every session shard that runs here, in order.
    public List<ShardStatus> statuses() {
        var running = node;
        return running == null ? List.of() : running.statuses();
    }

    /// Asks the coordinator to move all shards to other nodes, and waits for that as long as `session.drain`.
    void drain() throws InterruptedException {
        var running = node;
        if (running != null
                && session.placement() == SessionProperties.Placement.COORDINATOR
                && !session.drain().isZero()
                && !running.drain(session.drain())) {
            log.warn(
                    "this node still has shards after session.drain, {}: their sessions wait for a failover",
                    session.drain());
        }
    }

    @Override
    public synchronized void close() {
        if (node != null) {
            node.close();
        }
        if (shardMap != null) {
            shardMap.close();
        }
    }
}
