package dev.guildcast.shard.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topology;
import dev.guildcast.shard.RecordCodecs;
import dev.guildcast.shard.ShardCounters;
import dev.guildcast.shard.ShardDefinition;
import dev.guildcast.shard.ShardListener;
import dev.guildcast.shard.ShardSettings;
import dev.guildcast.shard.ShardStatus;
import dev.guildcast.shard.access.PeerRole;
import dev.guildcast.shard.coordination.FakeCoordinator;
import dev.guildcast.shard.memory.MemoryInstallation;
import dev.guildcast.shard.memory.MemoryShardStorage;
import dev.guildcast.shard.memory.RelayMachine;
import dev.guildcast.shard.node.NodeSettings.CoordinatorPlacement;
import dev.guildcast.shard.node.NodeSettings.Placement;
import dev.guildcast.shard.node.NodeSettings.StaticPlacement;
import dev.guildcast.shard.testing.TestIdentity;
import dev.guildcast.shard.v1.ShardKind;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ServiceNodeTest {
    private static final Topology TOPOLOGY = new Topology(2, 1, 1, 1);

    private final MemoryInstallation installation = new MemoryInstallation(TOPOLOGY, () -> 0);
    private final AtomicInteger refusals = new AtomicInteger();

    @Test
    void claimsItsStaticShardsOnceItsAddressIsKnown() {
        try (var node = node("", new StaticPlacement(List.of(ShardId.guild(0), ShardId.guild(2))))) {
            assertThat(node.notReadyReason()).isEqualTo("the node has not started yet");
            assertThat(node.statuses()).isEmpty();
            node.start(4_000);
            node.start(4_000);
            assertThat(node.notReadyReason()).isNull();
            await().untilAsserted(() -> assertThat(node.statuses())
                    .allMatch(ShardStatus::live)
                    .extracting(ShardStatus::shard)
                    .containsExactly(ShardId.guild(0), ShardId.guild(2)));
        }
    }

    @Test
    void registersWithTheBoundPortWhereNoAddressIsSet() {
        try (var coordinator = new FakeCoordinator();
                var node = node("", placement(coordinator, Duration.ZERO))) {
            node.start(4_000);
            await().until(() -> !coordinator.reports.isEmpty());
            var hello = coordinator.reports.getFirst().getHello();
            assertThat(hello.getNodeId()).isEqualTo("node");
            assertThat(hello.getAddress()).isEqualTo("127.0.0.1:4000");
            assertThat(hello.getKindsList()).containsExactly(ShardKind.GUILD, ShardKind.USER);
            assertThat(hello.getTopology().getGuildShards()).isEqualTo(2);
            assertThat(hello.getTopology().getPrefix()).isEqualTo("test.");
        }
    }

    @Test
    void registersWithTheConfiguredAddress() {
        try (var coordinator = new FakeCoordinator();
                var node = node("node.example:9", placement(coordinator, Duration.ZERO))) {
            node.start(4_000);
            await().until(() -> !coordinator.reports.isEmpty());
            assertThat(coordinator.reports.getFirst().getHello().getAddress()).isEqualTo("node.example:9");
        }
    }

    @Test
    void isNotReadyWhileTheCoordinatorRefusesItsConfiguration() {
        try (var coordinator = new FakeCoordinator();
                var node = node("", placement(coordinator, Duration.ZERO))) {
            coordinator.refuseNodes("TOPOLOGY_DIFFERS", "");
            node.start(4_000);
            await().untilAsserted(() -> assertThat(refusals).hasPositiveValue());
            assertThat(node.notReadyReason()).isNotBlank();
        }
    }

    @Test
    void drainingReturnsAtOnceWhenNothingIsOwned() throws InterruptedException {
        try (var coordinator = new FakeCoordinator();
                var node = node("", placement(coordinator, Duration.ofMinutes(10)))) {
            node.start(4_000);
            node.drain();
            await().until(() -> coordinator.reports.stream().anyMatch(report -> report.getLeaving()));
        }
    }

    private static Placement placement(FakeCoordinator coordinator, Duration drain) {
        return new CoordinatorPlacement(coordinator.address(), drain, TestIdentity.of(PeerRole.FANOUT));
    }

    private ServiceNode node(String address, Placement placement) {
        var settings = new NodeSettings(
                "node", address, TOPOLOGY, "test.", Set.of(ShardId.Kind.USER, ShardId.Kind.GUILD), placement);
        return new ServiceNode(
                settings,
                () -> new MemoryShardStorage(installation),
                shard ->
                        new ShardDefinition<>(RecordCodecs.GUILD, new RelayMachine(1), new ShardListener<>() {}, false),
                ShardSettings::guildDefaults,
                shard -> ShardCounters.NONE,
                refusals::incrementAndGet);
    }
}
