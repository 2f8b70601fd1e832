package dev.guildcast.gateway.codec;

import org.jspecify.annotations.Nullable;

/// Deflate blocks of one dispatch from behind its sequence on, which end with a sync flush, and what the streams that
/// they were appended to have in common at their ends.
///
/// - **Owner:** the event loop of its [SharedDeflater].
final class CompressedBlock {
    private final byte[] bytes;
    private byte @Nullable [] history;

    /// @param history the last text of each stream that ends with this block, sequences blanked; null: nothing may
    ///     refer to it
    CompressedBlock(byte[] bytes, byte @Nullable [] history) {
        this.bytes = bytes;
        this.history = history;
    }

    /// Shared: never modified.
    byte[] bytes() {
        return bytes;
    }

    /// Null: the next dispatch must not refer to what is before it.
    byte @Nullable [] history() {
        return history;
    }

    void forgetHistory() {
        history = null;
    }
}
