package dev.guildcast.coordinator.placement;

import static dev.guildcast.coordinator.placement.RendezvousPlacementTest.node;
import static dev.guildcast.coordinator.placement.RendezvousPlacementTest.randomWeights;
import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topology;
import dev.guildcast.coordinator.Node;
import dev.guildcast.coordinator.Shard;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RebalancePlannerTest {
    private static final PlacementProperties PROPERTIES = PlacementProperties.DEFAULT;
    private static final Topology TOPOLOGY = new Topology(4, 2, 1, 40);

    private final RebalancePlanner plan =
            new RebalancePlanner(new RendezvousPlacement(PROPERTIES.loadBound()), PROPERTIES);

    @Test
    void leavesAnEvenDistributionAlone() {
        assertThat(moves(session("a", 0, 1, "b", 2, 3), nodes("a", "b"))).isEmpty();
        assertThat(moves(session("a", 0, 1, "b", 2, 3, "c", 4), nodes("a", "b", "c")))
                .isEmpty();
    }

    @Test
    void movesNothingOnASingleNode() {
        assertThat(moves(session("a", 0, 1, 2, 3), nodes("a"))).isEmpty();
        assertThat(moves(session("a", 0, 1, 2, 3), List.of())).isEmpty();
    }

    @Test
    void fillsANewNodeAFewShardsAtATime() {
        var moves = moves(session("a", 0, 1, 2, 3, 4, 5, 6, 7), nodes("a", "b"));
        assertThat(moves).hasSize(PROPERTIES.movesPerNode()).allSatisfy(move -> {
            assertThat(move.from()).isEqualTo("a");
            assertThat(move.to()).isEqualTo("b");
        });
    }

    @Test
    void aNodeWithMovesInProgressTakesNoMore() {
        var shards = new ArrayList<>(session("a", 0, 1, 2, 3, 4, 5));
        shards.set(0, shards.get(0).draining("b"));
        shards.set(1, shards.get(1).draining("b"));
        assertThat(moves(shards, nodes("a", "b"))).isEmpty();
    }

    @Test
    void doesNotMoveForTooSmallAnImprovement() {
        // Three shards on two nodes: whichever way, one has two.
        assertThat(moves(session("a", 0, 1, "b", 2), nodes("a", "b"))).isEmpty();
    }

    @Test
    void aHeavyShardStaysWhereMovingItOnlyMovesTheProblem() {
        ShardWeights weights = shard -> shard.index() == 0 ? 100 : 1;
        var moves = plan.moves(session("a", 0, 1, 2, "b", 3, 4), candidates(nodes("a", "b")), weights, id -> true);
        assertThat(moves).noneMatch(move -> move.shard().index() == 0).isNotEmpty();
    }

    @Test
    void movesAPinnedShardToItsNodeAndNeverAway() {
        var pinned = session("a", 0, 1, "b", 2, 3).stream()
                .map(shard -> shard.id().index() == 0 ? shard.pinnedTo("b") : shard)
                .toList();
        // Another shard may move back in exchange.
        assertThat(moves(pinned, nodes("a", "b"))).startsWith(new Move(ShardId.session(0), "a", "b"));

        var heavy = session("a", 0, 1, 2, 3).stream()
                .map(shard -> shard.pinnedTo("a"))
                .toList();
        assertThat(moves(heavy, nodes("a", "b"))).isEmpty();
    }

    @Test
    void ignoresAPinToAnAbsentNode() {
        var shards = session("a", 0, 1, 2, 3).stream()
                .map(shard -> shard.pinnedTo("gone"))
                .toList();
        assertThat(moves(shards, nodes("a", "b"))).isNotEmpty();
    }

    @Test
    void sendsDedicatedShardsToNodesSetAsideForThemAndOthersAway() {
        var plain = node("a");
        var dedicated = new Node("d", "d:1", Set.of(ShardId.Kind.GUILD), Map.of("pool", "dedicated"), false);
        var shards = List.of(
                Shard.fresh(ShardId.guild(0)).active("d", 1),
                Shard.fresh(ShardId.guild(4)).active("a", 1));
        assertThat(moves(shards, List.of(plain, dedicated)))
                .containsExactlyInAnyOrder(new Move(ShardId.guild(0), "d", "a"), new Move(ShardId.guild(4), "a", "d"));
    }

    @Test
    void neverPutsAShardOnANodeThatCannotOwnIt() {
        var fanout = new Node("f", "f:1", Set.of(ShardId.Kind.GUILD, ShardId.Kind.USER), Map.of(), false);
        assertThat(moves(session("a", 0, 1, 2, 3), List.of(node("a"), fanout))).isEmpty();
    }

    @Test
    void convergesWithinTheBoundWithoutExcessMoves() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            var nodes = nodes(2 + random.nextInt(8));
            var weights = random.nextBoolean() ? ShardWeights.EQUAL : randomWeights(random);
            var owners = new TreeMap<ShardId, String>();
            // All nodes but the last, which has just come, have their part.
            for (int i = 0; i < 40; i++) {
                owners.put(
                        ShardId.session(i),
                        nodes.get(random.nextInt(nodes.size() - 1)).id());
            }
            int moved = settle(owners, nodes, weights, "seed " + seed + " round " + round);
            double total = owners.keySet().stream().mapToDouble(weights::of).sum();
            double heaviest =
                    owners.keySet().stream().mapToDouble(weights::of).max().orElseThrow();
            double mean = total / nodes.size();
            var loads = new NodeLoads(shards(owners), weights);
            nodes.forEach(node -> assertThat(loads.of(node))
                    .as("seed %d", seed)
                    .isBetween(mean / 1.25 - heaviest, mean * 1.25 + heaviest));
            assertThat(moved).as("seed %d", seed).isLessThan(40);
        }
    }

    @Test
    void aNewNodeTakesAboutItsShareAndNobodyElseMoves() {
        var nodes = nodes(5);
        var owners = new TreeMap<ShardId, String>();
        for (int i = 0; i < 40; i++) {
            owners.put(ShardId.session(i), "node-" + i % 4);
        }
        var before = new HashMap<>(owners);
        int moved = settle(owners, nodes, ShardWeights.EQUAL, "");
        assertThat(moved).isBetween(6, 8);
        owners.forEach((shard, owner) -> assertThat(owner).isIn(before.get(shard), "node-4"));
    }

    private int settle(Map<ShardId, String> owners, List<Node> nodes, ShardWeights weights, String what) {
        int moved = 0;
        for (int step = 0; step < 200; step++) {
            var moves = plan.moves(shards(owners), candidates(nodes), weights, id -> true);
            if (moves.isEmpty()) {
                return moved;
            }
            var perNode = new HashMap<String, Integer>();
            for (var move : moves) {
                perNode.merge(move.from(), 1, Integer::sum);
                perNode.merge(move.to(), 1, Integer::sum);
                assertThat(owners.put(move.shard(), move.to())).isEqualTo(move.from());
                moved++;
            }
            assertThat(perNode.values()).as(what).allMatch(count -> count <= PROPERTIES.movesPerNode());
        }
        throw new AssertionError("never at rest: " + what);
    }

    private List<Move> moves(List<Shard> shards, List<Node> nodes) {
        return plan.moves(shards, candidates(nodes), ShardWeights.EQUAL, id -> true);
    }

    private static Candidates candidates(List<Node> nodes) {
        return Candidates.among(TOPOLOGY, nodes);
    }

    private static List<Node> nodes(String... ids) {
        return List.of(ids).stream().map(RendezvousPlacementTest::node).toList();
    }

    private static List<Node> nodes(int count) {
        return RendezvousPlacementTest.nodes(count);
    }

    private static List<Shard> shards(Map<ShardId, String> owners) {
        var shards = new ArrayList<Shard>();
        owners.forEach((id, owner) -> shards.add(Shard.fresh(id).active(owner, 1)));
        return shards;
    }

    /// Nodes' ids, each before the indexes of the session shards that it owns.
    private static List<Shard> session(Object... nodesAndIndexes) {
        var shards = new ArrayList<Shard>();
        String node = "";
        for (var item : nodesAndIndexes) {
            if (item instanceof Integer index) {
                shards.add(Shard.fresh(ShardId.session(index)).active(node, 1));
            } else {
                node = item.toString();
            }
        }
        return shards;
    }
}
