package dev.guildcast.voiceserver.control;

/// Runs something on the media loop.
public interface MediaExecutor {
    /// Whether it will be run.
    enum Offer {
        ACCEPTED,
        FULL,
        CLOSED
    }

    /// From any thread; never blocks.
    Offer offer(Task task);

    /// As [#offer], but for a probe that must come through when too many commands wait: it has a small queue of its
    /// own.
    Offer offerUrgent(Task task);

    /// Short, and without blocking.
    interface Task {
        void run();

        /// Instead of [#run], when the loop ends before; on any thread.
        void onClosed();
    }
}
