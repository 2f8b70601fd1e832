package dev.guildcast.coordinator.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topology;
import dev.guildcast.coordinator.ClusterState;
import dev.guildcast.coordinator.Decision;
import dev.guildcast.coordinator.Leader;
import dev.guildcast.coordinator.Node;
import dev.guildcast.coordinator.Shard;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// The contract of every store.
abstract class CoordinatorStoreContract {
    private static final Leader FIRST = new Leader("r1", "h:1");
    private static final Leader SECOND = new Leader("r2", "h:2");
    private static final Node NODE =
            new Node("n", "n:1", Set.of(ShardId.Kind.GUILD, ShardId.Kind.USER), Map.of("pool", "dedicated"), true);
    private static final Shard SHARD = Shard.fresh(ShardId.guild(3))
            .transferring("n")
            .active("n", 1)
            .draining("m")
            .pinnedTo("m");

    /// Another replica's store of the same installation.
    abstract CoordinatorStore open();

    @Test
    void aFirstLeaderStartsEmpty() throws StoreException {
        try (var store = open();
                var leaderStore = store.openAsLeader()) {
            assertThat(leaderStore.initialState()).isEqualTo(ClusterState.EMPTY);
        }
    }

    @Test
    void theNextLeaderStartsWithAllCommittedDecisions() throws StoreException {
        var state = ClusterState.EMPTY;
        try (var store = open();
                var leaderStore = store.openAsLeader()) {
            state = commit(leaderStore, state, decision(1, FIRST, List.of(SHARD), List.of(NODE), Set.of()));
            var other = new Node("gone", "g:1", Set.of(ShardId.Kind.SESSION), Map.of(), false);
            state = commit(leaderStore, state, decision(2, FIRST, List.of(), List.of(other), Set.of()));
            state = commit(
                    leaderStore, state, decision(3, FIRST, List.of(SHARD.active("m", 2)), List.of(), Set.of("gone")));
        }
        try (var store = open();
                var leaderStore = store.openAsLeader()) {
            assertThat(leaderStore.initialState()).isEqualTo(state);
            assertThat(leaderStore.initialState().shard(SHARD.id()).pinned()).isEqualTo("m");
            assertThat(leaderStore.initialState().nodes()).containsOnlyKeys("n");
        }
    }

    @Test
    void aNewLeaderFencesTheOneBeforeIt() throws StoreException {
        try (var first = open();
                var second = open()) {
            var old = first.openAsLeader();
            old.commit(decision(1, FIRST, List.of(SHARD), List.of(), Set.of()));
            var successor = second.openAsLeader();
            assertThatThrownBy(() -> old.commit(decision(2, FIRST, List.of(SHARD.active("x", 9)), List.of(), Set.of())))
                    .isInstanceOf(StoreException.class);
            successor.commit(decision(2, SECOND, List.of(SHARD.active("m", 2)), List.of(), Set.of()));
            old.close();
            successor.close();
            try (var third = open();
                    var leaderStore = third.openAsLeader()) {
                assertThat(leaderStore.initialState().leader()).isEqualTo(SECOND);
                assertThat(leaderStore.initialState().shard(SHARD.id()).owner()).isEqualTo("m");
            }
        }
    }

    @Test
    void followersReceiveEarlierAndLaterDecisions() throws StoreException {
        try (var store = open();
                var follower = open();
                var leaderStore = store.openAsLeader()) {
            var state = commit(
                    leaderStore, ClusterState.EMPTY, decision(1, FIRST, List.of(SHARD), List.of(NODE), Set.of()));
            var received = new AtomicReference<>(ClusterState.EMPTY);
            follower.follow(decision -> received.updateAndGet(known -> known.with(decision)));
            var early = state;
            await().atMost(Duration.ofSeconds(30)).until(() -> received.get().equals(early));
            state = commit(
                    leaderStore, state, decision(2, FIRST, List.of(SHARD.active("m", 4)), List.of(), Set.of("n")));
            var late = state;
            await().atMost(Duration.ofSeconds(30)).until(() -> received.get().equals(late));
        }
    }

    private static ClusterState commit(LeaderStore leaderStore, ClusterState state, Decision decision)
            throws StoreException {
        leaderStore.commit(decision);
        return state.with(decision);
    }

    private static Decision decision(
            long revision, Leader leader, List<Shard> shards, List<Node> nodes, Set<String> gone) {
        return new Decision(revision, leader, Topology.SMALLEST, true, shards, nodes, gone);
    }
}
