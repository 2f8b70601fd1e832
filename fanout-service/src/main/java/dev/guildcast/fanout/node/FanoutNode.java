package dev.guildcast.fanout.node;

import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topology;
import dev.guildcast.shard.ShardCounters;
import dev.guildcast.shard.ShardFactory;
import dev.guildcast.shard.ShardSettings;
import dev.guildcast.shard.ShardStatus;
import dev.guildcast.shard.coordination.CoordinationTimes;
import dev.guildcast.shard.coordination.GrpcNodeRegistration;
import dev.guildcast.shard.installation.InstallationProperties;
import dev.guildcast.shard.installation.NodeIdentity;
import dev.guildcast.shard.kafka.KafkaSettings;
import dev.guildcast.shard.kafka.KafkaShardStorage;
import dev.guildcast.shard.node.NodeRegistration;
import dev.guildcast.shard.node.ShardNode;
import dev.guildcast.shard.node.StaticRegistration;
import dev.guildcast.shard.v1.NodeHello;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.EventListener;
import org.springframework.grpc.server.lifecycle.GrpcServerStartedEvent;

/// This process as a node: claims shards once its gRPC server is reachable, and releases them at shutdown.
///
/// - **Bound:** one loop thread per shard.
/// - **Promise:** nothing is claimed before other processes can query this node.
class FanoutNode implements DisposableBean, ApplicationListener<ApplicationReadyEvent> {
    private static final Logger log = LoggerFactory.getLogger(FanoutNode.class);

    private final InstallationProperties installation;
    private final NodeIdentity identity;
    private final FanoutProperties properties;
    private final ShardFactory factory;
    private final ShardCounters guildCounters;
    private final ShardCounters userCounters;
    private volatile int grpcPort;
    private volatile @Nullable ShardNode node;

    FanoutNode(
            InstallationProperties installation,
            FanoutProperties properties,
            ShardFactory factory,
            ShardCounters guildCounters,
            ShardCounters userCounters) {
        this.installation = installation;
        this.identity = NodeIdentity.of(installation, "fanout-");
        this.properties = properties;
        this.factory = factory;
        this.guildCounters = guildCounters;
        this.userCounters = userCounters;
    }

    @EventListener
    void onGrpcServer(GrpcServerStartedEvent started) {
        grpcPort = started.getPort();
    }

    @Override
    public void onApplicationEvent(ApplicationReadyEvent ready) {
        String name = identity.id();
        var kafka = new KafkaSettings(
                installation.kafka().requiredBootstrapServers(),
                installation.topics(),
                properties.linger(),
                8 << 20,
                Map.of());
        var started = new ShardNode(
                name,
                new KafkaShardStorage(kafka),
                factory,
                registration(name, ready.getApplicationContext()),
                ShardSettings::guildDefaults,
                shard -> shard.kind() == ShardId.Kind.GUILD ? guildCounters : userCounters);
        node = started;
        started.start();
        log.info("node {} at {} claims shards by placement {}", name, address(), properties.placement());
    }

    private NodeRegistration registration(String name, ApplicationContext context) {
        Topology topology = installation.toTopology();
        return switch (properties.placement()) {
            case STATIC -> new StaticRegistration(staticShards(topology));
            case COORDINATOR ->
                new GrpcNodeRegistration(
                        installation.coordinator().targets(),
                        CoordinationTimes.DEFAULT,
                        hello(name, topology),
                        reason -> {
                            log.error("coordinator rejects this node: {}; correct its configuration, restart", reason);
                            AvailabilityChangeEvent.publish(context, ReadinessState.REFUSING_TRAFFIC);
                        });
        };
    }

    private List<ShardId> staticShards(Topology topology) {
        var fanoutShards = topology.shards().stream()
                .filter(shard -> shard.kind() != ShardId.Kind.SESSION)
                .toList();
        if (properties.shards().isEmpty()) {
            return fanoutShards;
        }
        return properties.shards().stream()
                .map(text -> fanoutShards.stream()
                        .filter(shard -> shard.toString().equals(text))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException(
                                "fanout.shards names " + text + " (expected: some of " + fanoutShards + ")")))
                .toList();
    }

    private NodeHello hello(String name, Topology topology) {
        return NodeHello.newBuilder()
                .setNodeId(name)
                .setAddress(address())
                .addKinds(dev.guildcast.shard.v1.ShardKind.GUILD)
                .addKinds(dev.guildcast.shard.v1.ShardKind.USER)
                .setTopology(dev.guildcast.shard.v1.Topology.newBuilder()
                        .setGuildShards(topology.guildShards())
                        .setDedicatedShards(topology.dedicatedShards())
                        .setUserShards(topology.userShards())
                        .setSessionShards(topology.sessionShards())
                        .setPrefix(installation.kafka().prefix()))
                .build();
    }

    private String address() {
        return identity.address(grpcPort);
    }

    /// Every shard that runs here.
    List<ShardStatus> statuses() {
        ShardNode running = node;
        return running == null ? List.of() : running.statuses();
    }

    @Override
    public void destroy() {
        ShardNode running = node;
        if (running != null) {
            drain(running);
            running.close();
        }
    }

    private void drain(ShardNode running) {
        try {
            if (properties.placement() == FanoutProperties.Placement.COORDINATOR
                    && !properties.drain().isZero()
                    && !running.drain(properties.drain())) {
                log.warn("shards still owned after fanout.drain of {}; they fail over", properties.drain());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
