package dev.guildcast.gateway.codec;

import java.io.ByteArrayOutputStream;
import java.util.zip.Deflater;

/// Payload compression (`compress` of Identify): a large frame becomes one complete zlib document in a binary message;
/// a small one stays text.
public final class PayloadCompressor implements FrameCompressor {
    /// Frames up to this size stay uncompressed: below it, deflating costs more than the bytes that it saves.
    static final int PLAIN_BYTES_MAX = 1024;

    /// Output of one call of the deflater: most frames need one call, and the array is short-lived.
    private static final int CHUNK_BYTES = 8192;

    @Override
    public Frame compress(Frame frame) {
        if (frame.length() <= PLAIN_BYTES_MAX) {
            return frame;
        }
        var deflater = new Deflater();
        try {
            deflater.setInput(frame.bytes());
            deflater.finish();
            var out = new ByteArrayOutputStream(frame.length() / 4);
            var chunk = new byte[CHUNK_BYTES];
            while (!deflater.finished()) {
                out.write(chunk, 0, deflater.deflate(chunk));
            }
            return Frame.of(true, out.toByteArray());
        } finally {
            deflater.end();
        }
    }

    @Override
    public void close() {
        // Each document has its own deflater.
    }
}
