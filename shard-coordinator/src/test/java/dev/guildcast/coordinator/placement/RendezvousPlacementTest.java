package dev.guildcast.coordinator.placement;

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

class RendezvousPlacementTest {
    private static final double BOUND = 1.25;
    private static final int ROUNDS = 300;

    private final RendezvousPlacement placement = new RendezvousPlacement(BOUND);

    @Test
    void noCandidateMeansNoChoice() {
        assertThat(placement.choose(ShardId.guild(0), List.of(), new NodeLoads(List.of(), ShardWeights.EQUAL)))
                .isEmpty();
    }

    @Test
    void theSameInputGivesTheSameNodeWhateverTheOrder() {
        var nodes = nodes(5);
        var loads = new NodeLoads(List.of(), ShardWeights.EQUAL);
        var chosen = placement.choose(ShardId.session(3), nodes, loads);
        assertThat(placement.choose(ShardId.session(3), nodes.reversed(), loads))
                .isEqualTo(chosen);
    }

    @Test
    void noNodeExceedsTheBoundOrOneShardAboveTheMean() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            var nodes = nodes(1 + random.nextInt(12));
            var weights = randomWeights(random);
            var shards = new ArrayList<ShardId>();
            for (int i = 0; i < 1 + random.nextInt(100); i++) {
                shards.add(ShardId.session(i));
            }
            var placed = placeAll(shards, nodes, weights);
            double total = shards.stream().mapToDouble(weights::of).sum();
            double heaviest = shards.stream().mapToDouble(weights::of).max().orElseThrow();
            double mean = total / nodes.size();
            var loads = new NodeLoads(placed, weights);
            for (var node : nodes) {
                assertThat(loads.of(node))
                        .as("seed %d round %d", seed, round)
                        .isLessThanOrEqualTo(Math.max(BOUND * mean, mean + heaviest) + 1e-6);
            }
        }
    }

    @Test
    void aNodesEndMovesOnlyItsOwnShards() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            var nodes = nodes(3 + random.nextInt(8));
            var shards = new Topology(1, 0, 1, 16 + random.nextInt(60)).shards();
            var before = owners(placeAll(shards, nodes, ShardWeights.EQUAL));
            var gone = nodes.get(random.nextInt(nodes.size()));
            var left = nodes.stream().filter(node -> !node.equals(gone)).toList();
            var kept = new ArrayList<Shard>();
            before.forEach((shard, owner) -> {
                if (!owner.equals(gone.id())) {
                    kept.add(Shard.fresh(shard).active(owner, 1));
                }
            });
            for (var shard : shards) {
                if (gone.id().equals(before.get(shard))) {
                    var node = placement
                            .choose(shard, left, new NodeLoads(kept, ShardWeights.EQUAL))
                            .orElseThrow();
                    assertThat(node).as("seed %d", seed).isNotEqualTo(gone);
                    kept.add(Shard.fresh(shard).active(node.id(), 2));
                }
            }
            var loads = new NodeLoads(kept, ShardWeights.EQUAL);
            double mean = (double) shards.size() / left.size();
            left.forEach(node -> assertThat(loads.of(node))
                    .as("seed %d", seed)
                    .isLessThanOrEqualTo(Math.max(BOUND * mean, mean + 1) + 1e-6));
        }
    }

    @Test
    void eachNodeIsSomeShardsFirst() {
        var first = new HashMap<String, Integer>();
        var nodes = nodes(4);
        for (int i = 0; i < 400; i++) {
            var node = placement
                    .choose(ShardId.guild(i), nodes, new NodeLoads(List.of(), ShardWeights.EQUAL))
                    .orElseThrow();
            first.merge(node.id(), 1, Integer::sum);
        }
        // With no load at all only the ranks decide.
        assertThat(first)
                .hasSize(4)
                .allSatisfy((node, count) -> assertThat(count).isBetween(60, 140));
    }

    static List<Node> nodes(int count) {
        var nodes = new ArrayList<Node>();
        for (int i = 0; i < count; i++) {
            nodes.add(node("node-" + i));
        }
        return nodes;
    }

    static Node node(String id) {
        return new Node(id, id + ":1", Set.of(ShardId.Kind.values()), Map.of(), false);
    }

    static ShardWeights randomWeights(Random random) {
        var weights = new HashMap<ShardId, Double>();
        return shard -> weights.computeIfAbsent(shard, id -> 1 + random.nextDouble() * 3);
    }

    private List<Shard> placeAll(List<ShardId> shards, List<Node> nodes, ShardWeights weights) {
        var placed = new ArrayList<Shard>();
        for (var shard : shards) {
            var node = placement
                    .choose(shard, nodes, new NodeLoads(placed, weights))
                    .orElseThrow();
            placed.add(Shard.fresh(shard).active(node.id(), 1));
        }
        return placed;
    }

    private static Map<ShardId, String> owners(List<Shard> shards) {
        var owners = new TreeMap<ShardId, String>();
        shards.forEach(shard -> owners.put(shard.id(), String.valueOf(shard.owner())));
        return owners;
    }
}
