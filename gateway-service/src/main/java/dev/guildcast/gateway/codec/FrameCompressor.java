package dev.guildcast.gateway.codec;

/// Compresses the frames of one connection, in the order in which they are sent.
///
/// - **Owner:** the connection's event loop.
public interface FrameCompressor extends AutoCloseable {
    Frame compress(Frame frame);

    /// Frees native memory. Nothing may be compressed afterwards.
    @Override
    void close();

    /// No compression: frames stay as they are.
    FrameCompressor NONE = new FrameCompressor() {
        @Override
        public Frame compress(Frame frame) {
            return frame;
        }

        @Override
        public void close() {
            // There is nothing to free.
        }
    };
}
