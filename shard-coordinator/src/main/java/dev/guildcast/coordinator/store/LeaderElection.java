package dev.guildcast.coordinator.store;

/// Says which replica is to lead. Two may believe it for a moment: the store lets only the later one decide.
public interface LeaderElection extends AutoCloseable {
    /// Stands for election. The candidate is told from one thread of the election, and must not block it.
    void start(Candidate candidate);

    /// Steps back for good, so that another is chosen at once.
    @Override
    void close();

    /// A replica that can lead.
    interface Candidate {
        void onElected();

        void onDeposed();
    }
}
