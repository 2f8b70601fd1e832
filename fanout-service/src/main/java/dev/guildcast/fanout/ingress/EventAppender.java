package dev.guildcast.fanout.ingress;

import java.io.Serial;
import java.util.concurrent.CompletableFuture;

/// Appends records to the logs.
public interface EventAppender {
    /// Where an event may go.
    enum Log {
        GUILD_EVENTS("guild.events"),
        GUILD_EPHEMERAL("guild.ephemeral"),
        USER_EVENTS("user.events");

        private final String topic;

        Log(String topic) {
            this.topic = topic;
        }

        /// The topic without the installation's prefix.
        String topic() {
            return topic;
        }
    }

    /// Where a record stands.
    record Appended(Log log, int partition, long offset) {}

    /// Appends in the order of the calls, and never blocks.
    ///
    /// @return completes when the record stands in the log; with [Unavailable] if that is not known in time (it may
    ///     stand there all the same), with [TooLarge] if it never will
    CompletableFuture<Appended> append(Log log, int partition, byte[] record);

    /// The log does not answer.
    final class Unavailable extends RuntimeException {
        @Serial
        private static final long serialVersionUID = 1L;

        private final String reason;

        Unavailable(String reason) {
            super(reason, null, false, false);
            this.reason = reason;
        }

        String reason() {
            return reason;
        }
    }

    /// The log takes no record of this size.
    final class TooLarge extends RuntimeException {
        @Serial
        private static final long serialVersionUID = 1L;

        TooLarge() {
            super("larger than its log takes", null, false, false);
        }

        String reason() {
            return "larger than its log takes";
        }
    }
}
