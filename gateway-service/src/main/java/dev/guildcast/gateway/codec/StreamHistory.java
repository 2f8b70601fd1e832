package dev.guildcast.gateway.codec;

import org.jspecify.annotations.Nullable;

/// What the streams that end with one block have in common at their ends. Connections and the shared deflater keep it
/// instead of the block, whose bytes may be megabytes.
///
/// - **Owner:** the event loop of its [SharedDeflater].
/// - **Bound:** [SharedDeflater#HISTORY_BYTES_MAX].
final class StreamHistory {
    private byte @Nullable [] text;

    /// @param text the last text of each of the streams, sequences blanked; null: nothing may refer to it
    StreamHistory(byte @Nullable [] text) {
        this.text = text;
    }

    /// Null: the next dispatch must not refer to what is before it.
    byte @Nullable [] text() {
        return text;
    }

    void forget() {
        text = null;
    }
}
