package dev.guildcast.gateway.codec;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Transport compression (`compress=zlib-stream`): one zlib stream for the whole connection, never finished or reset,
/// made of deflate blocks that all connections of the event loop share.
///
/// Model. A dispatch differs between connections in its sequence only. Its head up to the sequence is a stored block of
/// the connection's own; the rest is a [CompressedBlock], compressed once for all whose streams may be continued by it.
/// The sequence is padded to a fixed width, so that streams with different sequences have the same lengths. Any other
/// frame is a stored block, and ends what the stream has in common with others: the next dispatch is a block that
/// refers to nothing before it.
///
/// - **Owner:** the connection's event loop.
/// - **Bound:** one reference to the [StreamHistory] of the block that the stream ends with; native memory is
///   [SharedDeflater]'s.
/// - **Promise:** each payload ends with `00 00 FF FF`.
public final class ZlibStreamCompressor implements FrameCompressor {
    /// The digits of the largest sequence.
    static final int SEQUENCE_DIGITS = 10;

    /// CMF and FLG of RFC 1950: a window of 32 KB, the default level, no dictionary.
    private static final byte[] STREAM_HEADER = {0x78, (byte) 0x9c};

    /// A stored block without content, as a sync flush writes it.
    private static final byte[] FLUSH = {0, 0, 0, (byte) 0xff, (byte) 0xff};

    private static final int STORED_HEADER_BYTES = 5;
    private static final int STORED_BYTES_MAX = 0xffff;
    private static final byte[] EMPTY = {};

    private final SharedDeflater shared;
    private boolean started;
    /// Of the block that the stream ends with; null when it ends with anything else.
    private @Nullable StreamHistory history;

    /// @param shared of the connection's event loop
    public ZlibStreamCompressor(SharedDeflater shared) {
        this.shared = shared;
    }

    @Override
    public Frame compress(Frame frame) {
        if (frame.body().length == 0) {
            history = null;
            return stored(frame.bytes());
        }
        var head = frame.head();
        int sequenceEnd = head.length - JsonPayloadCodec.BEHIND_SEQUENCE.length;
        int sequenceBegin = sequenceEnd;
        while (head[sequenceBegin - 1] >= '0' && head[sequenceBegin - 1] <= '9') {
            sequenceBegin--;
        }
        var block = shared.block(frame, sequenceBegin, history);
        history = block.history();
        return new Frame(true, storedHead(head, sequenceBegin, sequenceEnd), block.bytes(), EMPTY);
    }

    /// A stored block of the head up to the sequence, which is padded with spaces.
    private byte[] storedHead(byte[] head, int sequenceBegin, int sequenceEnd) {
        int length = sequenceBegin + SEQUENCE_DIGITS;
        int offset = beginLength();
        var out = new byte[offset + STORED_HEADER_BYTES + length];
        begin(out);
        offset = writeStoredHeader(out, offset, length);
        System.arraycopy(head, 0, out, offset, sequenceBegin);
        int digitsBegin = out.length - (sequenceEnd - sequenceBegin);
        Arrays.fill(out, offset + sequenceBegin, digitsBegin, (byte) ' ');
        System.arraycopy(head, sequenceBegin, out, digitsBegin, sequenceEnd - sequenceBegin);
        return out;
    }

    private Frame stored(byte[] content) {
        int blocks = Math.max(1, Math.ceilDiv(content.length, STORED_BYTES_MAX));
        int offset = beginLength();
        var out = new byte[offset + blocks * STORED_HEADER_BYTES + content.length + FLUSH.length];
        begin(out);
        for (int from = 0; from < content.length; from += STORED_BYTES_MAX) {
            int length = Math.min(STORED_BYTES_MAX, content.length - from);
            offset = writeStoredHeader(out, offset, length);
            System.arraycopy(content, from, out, offset, length);
            offset += length;
        }
        System.arraycopy(FLUSH, 0, out, out.length - FLUSH.length, FLUSH.length);
        return Frame.of(true, out);
    }

    private int beginLength() {
        return started ? 0 : STREAM_HEADER.length;
    }

    /// Begins the stream with its first payload.
    private void begin(byte[] out) {
        if (!started) {
            started = true;
            System.arraycopy(STREAM_HEADER, 0, out, 0, STREAM_HEADER.length);
        }
    }

    /// Not the last block, type 0, then the length and its complement, low bytes first.
    private static int writeStoredHeader(byte[] out, int offset, int length) {
        out[offset] = 0;
        out[offset + 1] = (byte) length;
        out[offset + 2] = (byte) (length >> Byte.SIZE);
        out[offset + 3] = (byte) ~length;
        out[offset + 4] = (byte) (~length >> Byte.SIZE);
        return offset + STORED_HEADER_BYTES;
    }

    @Override
    public void close() {
        history = null;
    }
}
