package dev.guildcast.gateway.codec;

import dev.guildcast.gateway.Frame;

/// What a connection's frames pass on their way out, in the order in which they leave.
///
/// Belongs to one connection and its event loop.
public interface FrameCompressor extends AutoCloseable {
    Frame compress(Frame frame);

    /// Gives back what is held outside the heap. Nothing is compressed afterwards.
    @Override
    void close();

    /// Leaves frames as they are.
    FrameCompressor NONE = new FrameCompressor() {
        @Override
        public Frame compress(Frame frame) {
            return frame;
        }

        @Override
        public void close() {
            // Holds nothing.
        }
    };
}
