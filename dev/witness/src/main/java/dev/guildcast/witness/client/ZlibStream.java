package dev.guildcast.witness.client;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/// The zlib stream of one connection: a sync flush ends a payload, which may span several frames.
///
/// - **Owner:** the socket's callbacks, one at a time.
/// - **Bound:** one payload.
final class ZlibStream implements AutoCloseable {
    /// Most payloads inflate to less.
    private static final int CHUNK_BYTES = 16_384;

    private final Inflater inflater = new Inflater();
    private final ByteArrayOutputStream buffered = new ByteArrayOutputStream();
    private boolean closed;

    /// @return the payload that this frame completes; null if it is incomplete
    /// @throws IllegalArgumentException if the data is not a valid zlib stream
    synchronized @Nullable String inflate(byte[] frame) {
        buffered.writeBytes(frame);
        byte[] all = buffered.toByteArray();
        if (closed || !endsWithFlush(all)) {
            return null;
        }
        buffered.reset();
        inflater.setInput(all);
        var out = new ByteArrayOutputStream();
        byte[] chunk = new byte[CHUNK_BYTES];
        try {
            for (int length = inflater.inflate(chunk); length > 0; length = inflater.inflate(chunk)) {
                out.write(chunk, 0, length);
            }
        } catch (DataFormatException e) {
            throw new IllegalArgumentException("not a valid zlib stream", e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static boolean endsWithFlush(byte[] all) {
        int end = all.length;
        return end >= 4 && all[end - 4] == 0 && all[end - 3] == 0 && all[end - 2] == -1 && all[end - 1] == -1;
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            inflater.end();
        }
    }
}
