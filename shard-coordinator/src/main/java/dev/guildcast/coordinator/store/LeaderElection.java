package dev.guildcast.coordinator.store;

/// Elects the leader among the replicas. For a moment two may be elected: the store accepts only the later one's
/// decisions.
public interface LeaderElection extends AutoCloseable {
    /// Joins the election. The candidate is called on one thread of the election, and must not block it.
    void start(Candidate candidate);

    /// Leaves the election for good, so that another replica is elected at once.
    @Override
    void close();

    /// A replica that can lead.
    interface Candidate {
        void onElected();

        void onDeposed();
    }
}
