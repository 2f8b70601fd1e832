package dev.guildcast.suite.process;

import java.nio.file.Path;
import java.time.Duration;

/// Starts one service instance, in whatever way.
public interface Launcher {
    /// Returns when the instance is on its way; [Running#isStarted] tells when it has arrived.
    ///
    /// @param log where everything that it prints is appended
    /// @throws LaunchFailed if it did not even begin
    Running launch(ServiceSpec spec, Path log) throws LaunchFailed;

    /// An instance on its way or there. All methods may be called from any thread.
    interface Running {
        /// The process it runs in.
        ProcessHandle process();

        /// Whether this very instance has said that it serves.
        boolean isStarted();

        /// Waits for the end of the instance.
        ///
        /// @return whether it has ended
        boolean awaitEnd(Duration atMost) throws InterruptedException;

        /// Whether it ended by a signal that leaves no time for last words.
        boolean wasKilled();

        /// Asks it to end and returns when it has.
        void stop();

        /// Ends it without notice.
        ///
        /// @throws UnsupportedOperationException if it has no process of its own
        void kill();
    }

    /// Why an instance did not begin; the message is a sentence for the screen.
    final class LaunchFailed extends Exception {
        private static final long serialVersionUID = 1;

        public LaunchFailed(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
