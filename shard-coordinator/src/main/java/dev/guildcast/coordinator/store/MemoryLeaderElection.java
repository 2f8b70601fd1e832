package dev.guildcast.coordinator.store;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The replica that joined first leads, for tests: the replicas of one installation share one [SharedCandidates].
public final class MemoryLeaderElection implements LeaderElection {
    private final SharedCandidates shared;
    private @Nullable Candidate candidate;

    public MemoryLeaderElection(SharedCandidates shared) {
        this.shared = shared;
    }

    @Override
    public void start(Candidate candidate) {
        this.candidate = candidate;
        shared.add(candidate);
    }

    @Override
    public void close() {
        if (candidate != null) {
            shared.remove(candidate);
        }
    }

    /// The candidates, in order of joining. Safe for use from any thread.
    public static final class SharedCandidates {
        private final List<Candidate> candidates = new ArrayList<>();

        private synchronized void add(Candidate candidate) {
            candidates.add(candidate);
            if (candidates.size() == 1) {
                candidate.onElected();
            }
        }

        private synchronized void remove(Candidate candidate) {
            boolean first = !candidates.isEmpty() && candidates.getFirst() == candidate;
            candidates.remove(candidate);
            if (first) {
                candidate.onDeposed();
                if (!candidates.isEmpty()) {
                    candidates.getFirst().onElected();
                }
            }
        }
    }
}
