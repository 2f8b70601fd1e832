package dev.guildcast.gateway.codec;

import java.util.Arrays;
import java.util.zip.Deflater;

/// Transport compression (`compress=zlib-stream`): one zlib stream for the whole connection, flushed after each
/// payload, never finished or reset.
///
/// - **Owner:** the connection's event loop.
/// - **Bound:** one deflater, about 260 KB of native memory.
/// - **Promise:** each payload ends with `00 00 FF FF`, and each such suffix ends exactly one payload.
public final class ZlibStreamCompressor implements FrameCompressor {
    /// Space that is free before each call of the deflater, and the smallest buffer: most frames of an idle client,
    /// such as acknowledgements of heartbeats and typing events, fit without growing it.
    private static final int CHUNK_BYTES = 512;

    private final Deflater deflater = new Deflater();

    @Override
    public Frame compress(Frame frame) {
        var out = new GrowableBuffer(Math.max(CHUNK_BYTES, frame.length() / 4));
        deflate(frame.head(), out);
        deflate(frame.body(), out);
        deflate(frame.tail(), out);
        // A call that fills the buffer completely may have more output pending; one that does not has finished.
        int lengthBefore;
        do {
            lengthBefore = out.length;
            out.ensureWritable(CHUNK_BYTES);
            out.length += deflater.deflate(out.bytes, out.length, out.bytes.length - out.length, Deflater.SYNC_FLUSH);
        } while (out.length == out.bytes.length && out.length > lengthBefore);
        return Frame.of(true, Arrays.copyOf(out.bytes, out.length));
    }

    private void deflate(byte[] segment, GrowableBuffer out) {
        if (segment.length == 0) {
            return;
        }
        deflater.setInput(segment);
        while (!deflater.needsInput()) {
            out.ensureWritable(CHUNK_BYTES);
            out.length += deflater.deflate(out.bytes, out.length, out.bytes.length - out.length, Deflater.NO_FLUSH);
        }
    }

    @Override
    public void close() {
        deflater.end();
    }

    private static final class GrowableBuffer {
        private byte[] bytes;
        private int length;

        GrowableBuffer(int capacity) {
            bytes = new byte[capacity];
        }

        void ensureWritable(int bytesMin) {
            if (bytes.length - length < bytesMin) {
                bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + bytesMin));
            }
        }
    }
}
