package dev.guildcast.gateway.codec;

import dev.guildcast.gateway.Frame;
import java.util.Arrays;
import java.util.zip.Deflater;

/// `zlib-stream`: one zlib stream for the whole connection, flushed after each payload, never finished or reset.
///
/// - **Owner:** the connection's event loop.
/// - **Bound:** one deflater, about 260 KB outside the heap.
/// - **Promise:** each payload ends with `00 00 FF FF`, and one such end is exactly one payload.
public final class ZlibStreamCompressor implements FrameCompressor {
    private static final int CHUNK_BYTES = 512;

    private final Deflater deflater = new Deflater();

    @Override
    public Frame compress(Frame frame) {
        var out = new Bytes(Math.max(CHUNK_BYTES, frame.length() / 4));
        feed(frame.head(), out);
        feed(frame.body(), out);
        feed(frame.tail(), out);
        // A call that fills the buffer to the last byte may have more to say; one that does not is done.
        int before;
        do {
            before = out.length;
            out.room(CHUNK_BYTES);
            out.length += deflater.deflate(out.bytes, out.length, out.bytes.length - out.length, Deflater.SYNC_FLUSH);
        } while (out.length == out.bytes.length && out.length > before);
        return Frame.of(true, Arrays.copyOf(out.bytes, out.length));
    }

    private void feed(byte[] run, Bytes out) {
        if (run.length == 0) {
            return;
        }
        deflater.setInput(run);
        while (!deflater.needsInput()) {
            out.room(CHUNK_BYTES);
            out.length += deflater.deflate(out.bytes, out.length, out.bytes.length - out.length, Deflater.NO_FLUSH);
        }
    }

    @Override
    public void close() {
        deflater.end();
    }

    private static final class Bytes {
        private byte[] bytes;
        private int length;

        Bytes(int capacity) {
            bytes = new byte[capacity];
        }

        void room(int least) {
            if (bytes.length - length < least) {
                bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + least));
            }
        }
    }
}
