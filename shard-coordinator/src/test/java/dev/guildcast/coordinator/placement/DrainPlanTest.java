package dev.guildcast.coordinator.placement;

import static dev.guildcast.coordinator.placement.RendezvousPlacementTest.node;
import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topology;
import dev.guildcast.coordinator.Node;
import dev.guildcast.coordinator.Shard;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DrainPlanTest {
    private final DrainPlan plan = new DrainPlan(new RendezvousPlacement(1.25), 2);

    @Test
    void movesNothingWhileNobodyDrains() {
        assertThat(moves(List.of(node("a"), node("b")), owned("a", 4))).isEmpty();
    }

    @Test
    void emptiesANodeAFewShardsAtATime() {
        var moves = moves(List.of(node("a").asDraining(), node("b"), node("c")), owned("a", 4));
        assertThat(moves).hasSize(2).allSatisfy(move -> {
            assertThat(move.from()).isEqualTo("a");
            assertThat(move.to()).isIn("b", "c");
        });
        assertThat(moves.getFirst().shard()).isNotEqualTo(moves.getLast().shard());
    }

    @Test
    void countsMovesInProgress() {
        var shards = new ArrayList<>(owned("a", 4));
        shards.set(0, shards.get(0).draining("b"));
        assertThat(moves(List.of(node("a").asDraining(), node("b")), shards)).hasSize(1);
        shards.set(1, shards.get(1).draining("b"));
        assertThat(moves(List.of(node("a").asDraining(), node("b")), shards)).isEmpty();
    }

    @Test
    void keepsShardsWithoutAnotherCandidate() {
        assertThat(moves(List.of(node("a").asDraining()), owned("a", 4))).isEmpty();
        assertThat(moves(List.of(node("a").asDraining(), node("b").asDraining()), owned("a", 4)))
                .isEmpty();
    }

    private List<Move> moves(List<Node> nodes, List<Shard> shards) {
        var byId = new TreeMap<String, Node>();
        nodes.forEach(node -> byId.put(node.id(), node));
        return plan.moves(shards, byId, Candidates.among(Topology.SMALLEST, nodes), ShardWeights.EQUAL);
    }

    private static List<Shard> owned(String node, int count) {
        var shards = new ArrayList<Shard>();
        for (int i = 0; i < count; i++) {
            shards.add(Shard.fresh(ShardId.session(i)).active(node, 1));
        }
        return shards;
    }
}
