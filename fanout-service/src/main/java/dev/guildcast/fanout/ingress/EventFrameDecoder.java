package dev.guildcast.fanout.ingress;

import dev.guildcast.contract.catalogue.EventCatalogue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Splits the body of a request into events as it arrives, without parsing them.
///
/// - **Owner:** one request; a lock, because it may be cancelled from another thread than the one that feeds it.
/// - **Bound:** one event, at most [EventCatalogue#DOCUMENT_BYTES_MAX]; what it holds above
///   [EventCatalogue#EVENT_BYTES_MAX] is acquired from [InFlightLimit].
/// - **Promise:** pieces come in the order of the body; nothing follows [Piece.Stop].
final class EventFrameDecoder {
    /// How events are framed in a body.
    enum Form {
        /// One JSON array of them, or a single one.
        ARRAY,
        /// One a line; empty lines do not count.
        LINES
    }

    sealed interface Piece {
        record Event(byte[] text) implements Piece {}

        /// An event above the size limit, in its place in the order.
        record OversizedEvent() implements Piece {}

        /// The body was not read beyond this point.
        record Stop(StopReason stopReason, String detail) implements Piece {}
    }

    enum StopReason {
        /// The body is not in its declared form.
        MALFORMED,
        TOO_LARGE,
        /// The memory limit is reached for now.
        BUSY
    }

    private enum DecoderState {
        START,
        FIRST,
        VALUE,
        IN_VALUE,
        AFTER_VALUE,
        END,
        STOPPED
    }

    /// Initial buffer of one event, larger than most of them; it at least doubles when it is full.
    private static final int CHUNK_BYTES = 4096;

    private final Form form;
    private final InFlightLimit inFlight;
    private final long bodyBytesMax;
    private final List<Piece> pieces = new ArrayList<>();

    private DecoderState state = DecoderState.START;
    private long position;
    private boolean single;
    private int depth;
    private boolean inString;
    private boolean escaped;
    private byte[] held = new byte[CHUNK_BYTES];
    private int heldBytes;
    private boolean skipping;
    private long acquiredBytes;

    EventFrameDecoder(Form form, InFlightLimit inFlight, long bodyBytesMax) {
        this.form = form;
        this.inFlight = inFlight;
        this.bodyBytesMax = bodyBytesMax;
    }

    /// @return the pieces that end in this chunk
    synchronized List<Piece> feed(byte[] chunk) {
        if (state == DecoderState.STOPPED) {
            return List.of();
        }
        position += chunk.length;
        if (position > bodyBytesMax) {
            stop(StopReason.TOO_LARGE, "larger than " + bodyBytesMax + " bytes");
        } else if (form == Form.LINES) {
            feedLines(chunk);
        } else {
            feedArray(chunk);
        }
        return drain();
    }

    /// @return the pieces that end with the body
    synchronized List<Piece> end() {
        if (state == DecoderState.STOPPED) {
            return List.of();
        }
        if (form == Form.LINES) {
            endLine();
        } else if (state != DecoderState.END) {
            stop(StopReason.MALFORMED, state == DecoderState.START ? "no events" : "the array does not end");
        }
        return drain();
    }

    /// Releases what was acquired; also for a cancelled request.
    synchronized void close() {
        state = DecoderState.STOPPED;
        release();
    }

    private List<Piece> drain() {
        var drained = List.copyOf(pieces);
        pieces.clear();
        return drained;
    }

    private void feedLines(byte[] chunk) {
        int from = 0;
        for (int at = 0; at < chunk.length && state != DecoderState.STOPPED; at++) {
            if (chunk[at] == '\n') {
                hold(chunk, from, at);
                endLine();
                from = at + 1;
            }
        }
        hold(chunk, from, chunk.length);
    }

    private void endLine() {
        boolean blank = !skipping;
        for (int i = 0; i < heldBytes && blank; i++) {
            blank = isSpace(held[i]);
        }
        if (blank) {
            heldBytes = 0;
        } else {
            emit();
        }
    }

    private void feedArray(byte[] chunk) {
        int from = 0;
        for (int at = 0; at < chunk.length && state != DecoderState.STOPPED; at++) {
            byte b = chunk[at];
            if (state == DecoderState.IN_VALUE) {
                int end = endOfValue(b, at);
                if (end >= 0) {
                    hold(chunk, from, end);
                    emit();
                    state = state == DecoderState.STOPPED
                            ? DecoderState.STOPPED
                            : single ? DecoderState.END : DecoderState.AFTER_VALUE;
                    if (end > at) {
                        continue;
                    }
                } else {
                    continue;
                }
            }
            if (!isSpace(b) && state != DecoderState.STOPPED) {
                betweenValues(b, chunk.length - at);
                from = at;
            }
        }
        if (state == DecoderState.IN_VALUE) {
            hold(chunk, from, chunk.length);
        }
    }

    /// Handles a byte outside of values; `left` counts the bytes of the chunk from here on.
    private void betweenValues(byte b, int left) {
        switch (state) {
            case START -> {
                if (b == '[') {
                    state = DecoderState.FIRST;
                } else if (b == '{') {
                    single = true;
                    begin(b);
                } else {
                    malformed(left);
                }
            }
            case FIRST, VALUE -> {
                if (b == ']' && state == DecoderState.FIRST) {
                    state = DecoderState.END;
                } else if (b == ']' || b == '}' || b == ',' || b == ':') {
                    malformed(left);
                } else {
                    begin(b);
                }
            }
            case AFTER_VALUE -> {
                if (b == ',') {
                    state = DecoderState.VALUE;
                } else if (b == ']') {
                    state = DecoderState.END;
                } else {
                    malformed(left);
                }
            }
            case END -> malformed(left);
            case IN_VALUE, STOPPED -> throw new IllegalStateException(state.name());
        }
    }

    private void begin(byte b) {
        state = DecoderState.IN_VALUE;
        inString = b == '"';
        depth = b == '{' || b == '[' ? 1 : 0;
        escaped = false;
    }

    /// @return where the value ends if this byte ends it (after it, or before it); else -1
    private int endOfValue(byte b, int at) {
        if (inString) {
            if (escaped) {
                escaped = false;
            } else if (b == '\\') {
                escaped = true;
            } else if (b == '"') {
                inString = false;
                return depth == 0 ? at + 1 : -1;
            }
            return -1;
        }
        return switch (b) {
            case '"' -> {
                inString = true;
                yield -1;
            }
            case '{', '[' -> {
                depth++;
                yield -1;
            }
            case '}', ']' -> {
                if (depth == 0) {
                    yield at;
                }
                depth--;
                yield depth == 0 ? at + 1 : -1;
            }
            default -> depth == 0 && (b == ',' || isSpace(b)) ? at : -1;
        };
    }

    private void hold(byte[] chunk, int from, int to) {
        int size = to - from;
        if (skipping || size == 0 || state == DecoderState.STOPPED) {
            return;
        }
        long needed = (long) heldBytes + size;
        if (needed > EventCatalogue.DOCUMENT_BYTES_MAX) {
            skipping = true;
            release();
            return;
        }
        if (needed > held.length && !grow((int) needed)) {
            stop(StopReason.BUSY, "too many large events are being received");
            return;
        }
        System.arraycopy(chunk, from, held, heldBytes, size);
        heldBytes += size;
    }

    private boolean grow(int needed) {
        int capacity = (int) Math.min(EventCatalogue.DOCUMENT_BYTES_MAX, Math.max(needed, held.length * 2L));
        long more = Math.max(0, capacity - EventCatalogue.EVENT_BYTES_MAX) - acquiredBytes;
        if (more > 0) {
            if (!inFlight.tryAcquireBytes(more)) {
                return false;
            }
            acquiredBytes += more;
        }
        held = Arrays.copyOf(held, capacity);
        return true;
    }

    private void emit() {
        if (skipping) {
            pieces.add(new Piece.OversizedEvent());
            skipping = false;
        } else if (state != DecoderState.STOPPED) {
            pieces.add(new Piece.Event(Arrays.copyOf(held, heldBytes)));
        }
        release();
    }

    private void release() {
        inFlight.releaseBytes(acquiredBytes);
        acquiredBytes = 0;
        heldBytes = 0;
        if (held.length > EventCatalogue.EVENT_BYTES_MAX) {
            held = new byte[CHUNK_BYTES];
        }
    }

    private void malformed(int left) {
        stop(StopReason.MALFORMED, "malformed array at byte " + (position - left));
    }

    private void stop(StopReason stopReason, String detail) {
        state = DecoderState.STOPPED;
        pieces.add(new Piece.Stop(stopReason, detail));
        release();
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }
}
