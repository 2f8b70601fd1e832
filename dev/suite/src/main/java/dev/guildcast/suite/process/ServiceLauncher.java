package dev.guildcast.suite.process;

import java.nio.file.Path;
import java.time.Duration;

/// Starts one service instance.
public interface ServiceLauncher {
    /// Returns when the instance is starting; [RunningInstance#isStarted] reports when it has started.
    ///
    /// @param log file to which its output is appended
    /// @throws LaunchException if it could not be launched
    RunningInstance launch(ServiceSpec spec, Path log) throws LaunchException;

    /// A starting or running instance. All methods may be called from any thread.
    interface RunningInstance {
        /// The process it runs in.
        ProcessHandle process();

        /// Whether this instance itself has reported that it serves.
        boolean isStarted();

        /// Waits for the end of the instance.
        ///
        /// @return whether it has ended
        boolean awaitExit(Duration atMost) throws InterruptedException;

        /// Whether it was ended by SIGKILL, which leaves no message in its log.
        boolean wasKilled();

        /// Whether it ended as SIGTERM, SIGINT or SIGHUP make it end.
        boolean wasAskedToEnd();

        /// Whether [#kill] can end it.
        default boolean canBeKilled() {
            return true;
        }

        /// Asks it to end, and returns when it has.
        ///
        /// @param atMost then it is killed; one that cannot be killed is waited for longer, as its launcher
        ///     says
        void stop(Duration atMost);

        /// Kills it without notice.
        ///
        /// @throws UnsupportedOperationException if it has no process of its own
        void kill();
    }

    /// Why an instance could not be launched; the message is for the user.
    final class LaunchException extends Exception {
        private static final long serialVersionUID = 1;

        public LaunchException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
