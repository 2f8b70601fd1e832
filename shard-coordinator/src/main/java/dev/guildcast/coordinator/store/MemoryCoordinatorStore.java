package dev.guildcast.coordinator.store;

import dev.guildcast.coordinator.ClusterState;
import dev.guildcast.coordinator.Decision;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Decisions in memory, for tests: the replicas of one installation hold the same [Shared].
///
/// Fences as Kafka does: the latest tenure is the only one that can keep anything.
public final class MemoryCoordinatorStore implements CoordinatorStore {
    private final Shared shared;

    public MemoryCoordinatorStore(Shared shared) {
        this.shared = shared;
    }

    @Override
    public void follow(Consumer<Decision> follower) {
        shared.follow(follower);
    }

    @Override
    public Tenure lead() {
        return shared.lead();
    }

    @Override
    public void close() {
        // What is shared outlives each replica.
    }

    /// What all replicas see. Safe for use from any thread; followers hear within the writer's call.
    public static final class Shared {
        private final List<Decision> kept = new ArrayList<>();
        private final List<Consumer<Decision>> followers = new ArrayList<>();
        private long term;
        private boolean failing;

        /// Whether every further decision fails, as when the brokers are away.
        public synchronized void failing(boolean failing) {
            this.failing = failing;
        }

        public synchronized List<Decision> kept() {
            return List.copyOf(kept);
        }

        private synchronized void follow(Consumer<Decision> follower) {
            kept.forEach(follower);
            followers.add(follower);
        }

        private synchronized Tenure lead() {
            var state = ClusterState.EMPTY;
            for (var decision : kept) {
                state = state.with(decision);
            }
            return new MemoryTenure(++term, state);
        }

        private synchronized void keep(long writer, Decision decision) throws StoreException {
            if (failing || writer != term) {
                throw new StoreException(failing ? "the store is away" : "another leader has begun");
            }
            kept.add(decision);
            followers.forEach(follower -> follower.accept(decision));
        }

        private final class MemoryTenure implements Tenure {
            private final long number;
            private final ClusterState inherited;

            MemoryTenure(long number, ClusterState inherited) {
                this.number = number;
                this.inherited = inherited;
            }

            @Override
            public ClusterState inherited() {
                return inherited;
            }

            @Override
            public void keep(Decision decision) throws StoreException {
                Shared.this.keep(number, decision);
            }

            @Override
            public void close() {
                // The next tenure ends this one.
            }
        }
    }
}
