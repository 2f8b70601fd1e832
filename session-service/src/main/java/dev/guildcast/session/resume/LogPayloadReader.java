package dev.guildcast.session.resume;

import java.util.Map;
import java.util.function.Consumer;

/// Reads records of a session log again, for replays that reach further back than memory.
public interface LogPayloadReader {
    /// Asks for the records at these offsets. From any thread; never blocks.
    ///
    /// @param shard index of the session shard
    /// @param offsets ascending, at least one
    /// @param reply called once, from the reader's thread, unless the answer here is not ACCEPTED; must not block
    Offer offerRead(int shard, long[] offsets, Consumer<Reading> reply);

    /// What became of a request.
    enum Offer {
        ACCEPTED,
        /// Too many wait already: ask again later.
        FULL,
        CLOSED
    }

    /// What was read.
    sealed interface Reading {
        /// The records at the first of the offsets asked for, possibly not all of them.
        record Records(Map<Long, LoggedRecord> byOffset) implements Reading {}

        /// The log no longer holds the first of the offsets.
        record Trimmed() implements Reading {}

        /// The log could not be read now.
        record Failed() implements Reading {}
    }
}
