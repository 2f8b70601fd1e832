package dev.guildcast.gateway.codec;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/// Compresses dispatches once for the `zlib-stream` connections of one event loop.
///
/// Model. A block compressed with a preset dictionary is right in every stream whose text ends with that dictionary.
/// Connections that have received the same dispatches last have such a text in common, but for the sequences: these are
/// zero bytes in the dictionary, which no JSON contains, so that no match of a compressed block reaches into them. Each
/// dispatch has one block for each different past of its recipients, as long as enough of them share the work, and one
/// block without a past for all others. Pasts become equal again once they are equal for [#HISTORY_BYTES_MAX].
///
/// - **Owner:** the event loop.
/// - **Bound:** one deflater of 260 KB; blocks of [#RECENT_MAX] dispatches; pasts of [#HISTORIES_BYTES_MAX]
///   together, the oldest forgotten first, after which its connections begin a new one.
/// - **Promise:** an inflater that has read all before a block reads the dispatch from it.
public final class SharedDeflater {
    /// How far a block may refer back: longer compresses better, and each block costs in proportion to it. Inflaters
    /// keep 32 KB.
    static final int HISTORY_BYTES_MAX = 8 * 1024;

    /// About 400 different pasts, or a tenth of what ten connections with deflaters of their own would take.
    static final long HISTORIES_BYTES_MAX = 4L * 1024 * 1024;

    /// Dispatches that are being delivered at a time: a batch has one after the other, and each host has its batches.
    private static final int RECENT_MAX = 4;

    /// A block costs as much as this number of deliveries should share.
    private static final int DELIVERIES_PER_BLOCK = 32;

    /// Enough for the pasts that differ in where they begin, within [#HISTORY_BYTES_MAX] of usual messages.
    private static final int BLOCKS_MAX = 32;

    /// Kept between dispatches; what a longer one needs is freed after it.
    private static final int BUFFER_BYTES = 16 * 1024;

    private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    private final RecentDispatch[] recent = new RecentDispatch[RECENT_MAX];
    private final ArrayDeque<StreamHistory> histories = new ArrayDeque<>();
    private byte[] buffer = new byte[BUFFER_BYTES];
    private volatile long historiesBytes;
    private volatile long blocks;
    private int next;

    /// Blocks compressed so far. From any thread.
    public long blocks() {
        return blocks;
    }

    /// What streams have in common at their ends, in bytes. From any thread.
    public long historiesBytes() {
        return historiesBytes;
    }

    /// The block of a dispatch for a stream.
    ///
    /// @param sequenceBegin where in its head the digits of the sequence begin
    /// @param history of the block that the stream ends with; null when it ends with anything else
    CompressedBlock block(Frame dispatch, int sequenceBegin, @Nullable StreamHistory history) {
        var event = find(dispatch, sequenceBegin);
        event.deliveries++;
        var dictionary = history == null ? null : history.text();
        if (history == null || dictionary == null || !event.refersBack) {
            return alone(event);
        }
        for (int i = 0; i < event.count; i++) {
            if (event.after[i] == history) {
                return event.blocks[i];
            }
        }
        if (event.count == BLOCKS_MAX || event.deliveries <= (long) event.count * DELIVERIES_PER_BLOCK) {
            return alone(event);
        }
        var block = blockOfEqualPast(event, dictionary);
        if (block == null) {
            block = compress(event, dictionary);
        }
        event.add(history, block);
        return block;
    }

    private static @Nullable CompressedBlock blockOfEqualPast(RecentDispatch event, byte[] dictionary) {
        for (int i = 0; i < event.count; i++) {
            if (Arrays.equals(event.after[i].text(), dictionary)) {
                return event.blocks[i];
            }
        }
        return null;
    }

    private CompressedBlock alone(RecentDispatch event) {
        var block = event.alone;
        if (block == null) {
            block = compress(event, null);
            event.alone = block;
        }
        return block;
    }

    private RecentDispatch find(Frame dispatch, int sequenceBegin) {
        for (var each : recent) {
            if (each != null && each.isOf(dispatch, sequenceBegin)) {
                return each;
            }
        }
        var event = new RecentDispatch(dispatch, sequenceBegin);
        recent[next] = event;
        next = (next + 1) % RECENT_MAX;
        return event;
    }

    private CompressedBlock compress(RecentDispatch event, byte @Nullable [] dictionary) {
        deflater.reset();
        if (dictionary != null) {
            // The streams have the head of this dispatch behind what they have in common.
            var before = Arrays.copyOf(dictionary, dictionary.length + event.textBegin);
            System.arraycopy(event.text, 0, before, dictionary.length, event.textBegin);
            deflater.setDictionary(before);
        }
        deflater.setInput(event.text, event.textBegin, event.text.length - event.textBegin);
        int length = 0;
        int written;
        do {
            if (length == buffer.length) {
                buffer = Arrays.copyOf(buffer, buffer.length * 2);
            }
            written = deflater.deflate(buffer, length, buffer.length - length, Deflater.SYNC_FLUSH);
            length += written;
            // A call that fills the buffer may have more output pending; one that does not has finished.
        } while (length == buffer.length && written > 0);
        var bytes = Arrays.copyOf(buffer, length);
        if (buffer.length > BUFFER_BYTES) {
            buffer = new byte[BUFFER_BYTES];
        }
        countBlock();
        var history = new StreamHistory(event.refersBack ? historyText(event, dictionary) : null);
        retain(history);
        return new CompressedBlock(bytes, history);
    }

    private static byte[] historyText(RecentDispatch event, byte @Nullable [] before) {
        int ofEvent = Math.min(event.text.length, HISTORY_BYTES_MAX);
        int ofBefore = before == null ? 0 : Math.min(before.length, HISTORY_BYTES_MAX - ofEvent);
        var history = new byte[ofBefore + ofEvent];
        if (before != null) {
            System.arraycopy(before, before.length - ofBefore, history, 0, ofBefore);
        }
        System.arraycopy(event.text, event.text.length - ofEvent, history, ofBefore, ofEvent);
        return history;
    }

    private void retain(StreamHistory history) {
        var text = history.text();
        if (text == null) {
            return;
        }
        histories.add(history);
        long bytes = historiesBytes + text.length;
        while (bytes > HISTORIES_BYTES_MAX) {
            var oldest = histories.remove();
            var forgotten = oldest.text();
            bytes -= forgotten == null ? 0 : forgotten.length;
            oldest.forget();
        }
        historiesBytes = bytes;
    }

    @SuppressWarnings("NonAtomicOperationOnVolatileField") // The event loop is the only writer.
    private void countBlock() {
        blocks++;
    }

    /// A dispatch that is being delivered, with its blocks.
    private static final class RecentDispatch {
        private final byte[] body;
        private final int prefixLength;

        /// What each stream has of it: the head up to the sequence, zeros for the sequence, and from `textBegin` on
        /// what the blocks hold.
        private final byte[] text;

        private final int textBegin;
        private final boolean refersBack;
        private final StreamHistory[] after = new StreamHistory[BLOCKS_MAX];
        private final CompressedBlock[] blocks = new CompressedBlock[BLOCKS_MAX];
        private int count;
        private long deliveries;
        private @Nullable CompressedBlock alone;

        RecentDispatch(Frame dispatch, int sequenceBegin) {
            body = dispatch.body();
            prefixLength = sequenceBegin;
            textBegin = sequenceBegin + ZlibStreamCompressor.SEQUENCE_DIGITS;
            var behind = JsonPayloadCodec.BEHIND_SEQUENCE;
            text = new byte[textBegin + behind.length + body.length + dispatch.tail().length];
            System.arraycopy(dispatch.head(), 0, text, 0, prefixLength);
            System.arraycopy(behind, 0, text, textBegin, behind.length);
            System.arraycopy(body, 0, text, textBegin + behind.length, body.length);
            System.arraycopy(dispatch.tail(), 0, text, textBegin + behind.length + body.length, dispatch.tail().length);
            // A zero byte is no JSON; if a backend sends it nevertheless, it must not match a blanked sequence.
            refersBack = !hasZero(body);
        }

        boolean isOf(Frame dispatch, int sequenceBegin) {
            return dispatch.body() == body
                    && sequenceBegin == prefixLength
                    && Arrays.equals(dispatch.head(), 0, prefixLength, text, 0, prefixLength);
        }

        void add(StreamHistory history, CompressedBlock block) {
            after[count] = history;
            blocks[count++] = block;
        }

        private static boolean hasZero(byte[] bytes) {
            for (byte each : bytes) {
                if (each == 0) {
                    return true;
                }
            }
            return false;
        }
    }
}
