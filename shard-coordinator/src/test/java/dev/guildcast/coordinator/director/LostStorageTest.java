package dev.guildcast.coordinator.director;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topology;
import dev.guildcast.coordinator.ClusterState;
import dev.guildcast.coordinator.Leader;
import dev.guildcast.coordinator.Node;
import dev.guildcast.coordinator.Shard;
import dev.guildcast.coordinator.placement.PlacementProperties;
import dev.guildcast.shard.v1.Role;
import dev.guildcast.shard.v1.ShardReport;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Nodes that are cut off from Kafka, but not from the coordinator. They keep their leases, and report their loss.
class LostStorageTest {
    private static final Topology TOPOLOGY = new Topology(1, 0, 1, 4);
    private static final long AVOID = PlacementProperties.DEFAULT.avoidFor().toMillis();

    private final ShardDirector director = new ShardDirector(
            ClusterState.EMPTY, new Leader("r", "h:1"), TOPOLOGY, PlacementProperties.DEFAULT, 3_000, 0);
    private final Map<String, Map<ShardId, ShardReport>> held = new TreeMap<>();
    private final Set<String> lost = new HashSet<>();
    private long now;

    @Test
    void itsShardsAreDirectedElsewhereWithinASecondAndAHalf() {
        start("a", "b", "c");
        var before = ownedBy("b");
        assertThat(before).isNotEmpty();
        lost.add("b");
        run(1_500);
        assertThat(ownedBy("b")).isEmpty();
        run(1_000);
        assertThat(director.state().shards().values()).allMatch(shard -> shard.owner() != null);
    }

    @Test
    void nothingIsGivenBackWhileItSaysSoNorForAvoidForAfter() {
        start("a", "b");
        lost.add("b");
        run(60_000);
        assertThat(everHeldBy("b", 60_000)).isFalse();
        lost.remove("b");
        assertThat(everHeldBy("b", AVOID - 1_000)).isFalse();
        assertThat(everHeldBy("b", 120_000)).as("then it takes part again").isTrue();
    }

    @Test
    void aShardIsMovedToItByNobody() {
        start("a", "b");
        lost.add("b");
        run(2_000);
        assertThat(director.move(ShardId.session(0), "b", now)).isInstanceOf(OperationResult.Rejected.class);
    }

    @Test
    void whenKafkaIsAwayForAllNothingMoves() {
        start("a", "b", "c");
        var before = director.state().shards();
        lost.add("a");
        run(600);
        lost.addAll(Set.of("b", "c"));
        run(300_000);
        assertThat(director.state().shards()).isEqualTo(before);
        lost.clear();
        run(20_000);
        assertThat(director.state().shards()).isEqualTo(before);
    }

    @Test
    void aNodeThatWasToTakeOverIsReplaced() {
        start("a", "b", "c");
        var shard = ShardId.session(0);
        var owner = director.state().shard(shard).owner();
        var target = List.of("a", "b", "c").stream()
                .filter(node -> !node.equals(owner))
                .findFirst()
                .orElseThrow();
        lost.add(target);
        run(200);
        held.remove(owner);
        apply(director.onNodeDead(owner, now));
        run(4_000);
        var shards = director.state().shards().values();
        assertThat(shards)
                .allMatch(each -> each.owner() != null && !each.owner().equals(target));
    }

    @Test
    void aLossOfLessThanASecondMovesNothing() {
        start("a", "b");
        var before = director.state().shards();
        lost.add("b");
        run(900);
        lost.remove("b");
        run(10_000);
        assertThat(director.state().shards()).isEqualTo(before);
    }

    /// Starts these nodes and runs until every shard is live.
    private void start(String... nodes) {
        for (var node : nodes) {
            held.put(node, new HashMap<>());
            director.onJoin(
                    new Node(node, node + ":1", Set.of(ShardId.Kind.values()), Map.of(), false), List.of(), now);
        }
        run(10_000);
        assertThat(director.state().shards().values()).allMatch(shard -> shard.owner() != null);
    }

    /// Lets the nodes carry out their directives and report. A node without Kafka claims nothing, and reports its
    /// shards as not live.
    private void run(long millis) {
        for (long end = now + millis; now < end; ) {
            now += 100;
            apply(director.onTick(now));
            if (now % 500 == 0) {
                List.copyOf(held.keySet()).forEach(this::report);
            }
        }
    }

    private void report(String node) {
        var reports = held.get(node).values().stream()
                .map(each -> lost.contains(node) && each.getRole() == Role.LIVE
                        ? each.toBuilder().setRole(Role.CLAIMING).build()
                        : each)
                .toList();
        director.onStorageReport(node, lost.contains(node), now);
        apply(director.onReport(node, reports, now));
    }

    private void apply(DirectorOutput output) {
        for (var directive : output.directives()) {
            var shards = held.get(directive.node());
            if (shards == null) {
                continue;
            }
            var proto = directive.toProto();
            var id = ShardId.of(proto.getShard());
            switch (proto.getAction()) {
                case FOLLOW ->
                    shards.put(id, shard(id, lost.contains(directive.node()) ? Role.RESTORING : Role.FOLLOWING, 0));
                case CLAIM ->
                    shards.put(
                            id,
                            shard(id, lost.contains(directive.node()) ? Role.RESTORING : Role.LIVE, proto.getEpoch()));
                default -> shards.remove(id);
            }
        }
    }

    private static ShardReport shard(ShardId id, Role role, long epoch) {
        return ShardReport.newBuilder()
                .setShard(id.toRef())
                .setRole(role)
                .setEpoch(epoch)
                .build();
    }

    private boolean everHeldBy(String node, long millis) {
        for (long end = now + millis; now < end; ) {
            run(100);
            if (director.state().shards().values().stream()
                    .anyMatch(shard -> shard.isOwnedBy(node) || shard.isNext(node))) {
                return true;
            }
        }
        return false;
    }

    private List<ShardId> ownedBy(String node) {
        return director.state().shards().values().stream()
                .filter(shard -> shard.isOwnedBy(node))
                .map(Shard::id)
                .toList();
    }
}
