package dev.guildcast.coordinator.store;

import dev.guildcast.coordinator.ClusterState;
import dev.guildcast.coordinator.Decision;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Decisions in memory, for tests: the replicas of one installation share one [SharedDecisions].
///
/// Fences as Kafka does: only the latest leader can commit.
public final class MemoryCoordinatorStore implements CoordinatorStore {
    private final SharedDecisions shared;

    public MemoryCoordinatorStore(SharedDecisions shared) {
        this.shared = shared;
    }

    @Override
    public void follow(Consumer<Decision> follower) {
        shared.follow(follower);
    }

    @Override
    public LeaderStore openAsLeader() {
        return shared.openAsLeader();
    }

    @Override
    public void close() {
        // The shared part outlives each replica.
    }

    /// The part that all replicas share. Safe for use from any thread; followers are called within the writer's call.
    public static final class SharedDecisions {
        private final List<Decision> committed = new ArrayList<>();
        private final List<Consumer<Decision>> followers = new ArrayList<>();
        private long term;
        private boolean failing;

        /// Makes every further commit fail, as if the brokers were unavailable.
        public synchronized void failing(boolean failing) {
            this.failing = failing;
        }

        public synchronized List<Decision> committed() {
            return List.copyOf(committed);
        }

        private synchronized void follow(Consumer<Decision> follower) {
            committed.forEach(follower);
            followers.add(follower);
        }

        private synchronized LeaderStore openAsLeader() {
            var state = ClusterState.EMPTY;
            for (var decision : committed) {
                state = state.with(decision);
            }
            return new MemoryLeaderStore(++term, state);
        }

        private synchronized void commit(long writerTerm, Decision decision) throws StoreException {
            if (failing || writerTerm != term) {
                throw new StoreException(failing ? "the store is unavailable" : "fenced by another leader");
            }
            committed.add(decision);
            followers.forEach(follower -> follower.accept(decision));
        }

        private final class MemoryLeaderStore implements LeaderStore {
            private final long ownTerm;
            private final ClusterState initialState;

            MemoryLeaderStore(long ownTerm, ClusterState initialState) {
                this.ownTerm = ownTerm;
                this.initialState = initialState;
            }

            @Override
            public ClusterState initialState() {
                return initialState;
            }

            @Override
            public void commit(Decision decision) throws StoreException {
                SharedDecisions.this.commit(ownTerm, decision);
            }

            @Override
            public void close() {
                // The next leader fences this one.
            }
        }
    }
}
