package dev.guildcast.session.resume;

import java.util.Map;
import java.util.function.Consumer;

/// Reads records of a session log again, for replays that reach back beyond the payload window.
public interface LogPayloadReader {
    /// Requests the records at these offsets. From any thread; never blocks.
    ///
    /// @param shard index of the session shard
    /// @param offsets ascending, at least one
    /// @param reply called once, from the reader's thread, if this method returns ACCEPTED; must not block
    Offer offerRead(int shard, long[] offsets, Consumer<ReadResult> reply);

    /// Whether a request was accepted.
    enum Offer {
        ACCEPTED,
        /// Too many requests are queued: offer this one again later.
        FULL,
        CLOSED
    }

    /// The result of a request.
    sealed interface ReadResult {
        /// The records found: that of the first requested offset, and as many of the next as the reader's limits allow.
        record Records(Map<Long, LoggedRecord> byOffset) implements ReadResult {}

        /// The log no longer holds the first of the requested offsets.
        record Trimmed() implements ReadResult {}

        /// The log could not be read now; the request may be offered again.
        record Failed() implements ReadResult {}
    }
}
