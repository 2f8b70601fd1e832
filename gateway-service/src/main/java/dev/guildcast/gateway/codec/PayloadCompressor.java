package dev.guildcast.gateway.codec;

import dev.guildcast.gateway.Frame;
import java.io.ByteArrayOutputStream;
import java.util.zip.Deflater;

/// `identify.compress`: a large frame becomes one whole zlib document in a binary message; a small one stays text.
public final class PayloadCompressor implements FrameCompressor {
    /// Frames up to this many bytes are not worth the work.
    static final int PLAIN_BYTES_MAX = 1024;

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
            var chunk = new byte[8192];
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
