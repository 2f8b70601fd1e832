package dev.guildcast.fanout.ingress;

import java.io.Serial;
import java.util.concurrent.CompletableFuture;

/// Appends records to the logs.
interface EventAppender {
    /// A log that events are appended to.
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

    /// Position of a record in its log.
    record Appended(Log log, int partition, long offset) {}

    /// Appends in the order of the calls, and never blocks.
    ///
    /// @return completes when the record is in the log; with [LogUnavailable] if that is not known in time (it may
    ///     be in the log all the same), with [RecordTooLarge] if it never will be
    CompletableFuture<Appended> append(Log log, int partition, byte[] record);

    /// The log did not acknowledge the append.
    final class LogUnavailable extends RuntimeException {
        @Serial
        private static final long serialVersionUID = 1L;

        private final String reason;

        LogUnavailable(String reason) {
            super(reason, null, false, false);
            this.reason = reason;
        }

        String reason() {
            return reason;
        }
    }

    /// The record exceeds the log's size limit.
    final class RecordTooLarge extends RuntimeException {
        @Serial
        private static final long serialVersionUID = 1L;

        RecordTooLarge() {
            super("larger than its log takes", null, false, false);
        }

        String reason() {
            return "larger than its log takes";
        }
    }
}
