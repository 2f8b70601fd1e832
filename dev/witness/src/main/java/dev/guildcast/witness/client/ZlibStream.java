package dev.guildcast.witness.client;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/// The one zlib stream of a connection: a flush ends a payload, which may have come in several frames.
///
/// - **Owner:** the socket's callbacks, one at a time.
/// - **Bound:** one payload.
final class ZlibStream implements AutoCloseable {
    private static final int CHUNK_BYTES = 16_384;

    private final Inflater inflater = new Inflater();
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();
    private boolean closed;

    /// @return the payload that this frame completes; null if more has to come
    /// @throws IllegalArgumentException if it is no zlib
    synchronized @Nullable String add(byte[] frame) {
        held.writeBytes(frame);
        byte[] all = held.toByteArray();
        if (closed || !flushed(all)) {
            return null;
        }
        held.reset();
        inflater.setInput(all);
        var out = new ByteArrayOutputStream();
        byte[] chunk = new byte[CHUNK_BYTES];
        try {
            for (int length = inflater.inflate(chunk); length > 0; length = inflater.inflate(chunk)) {
                out.write(chunk, 0, length);
            }
        } catch (DataFormatException e) {
            throw new IllegalArgumentException("no zlib stream", e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static boolean flushed(byte[] all) {
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
