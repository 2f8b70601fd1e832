package dev.guildcast.gateway.socket;

import dev.guildcast.gateway.codec.Utf8;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads the frames of one client as RFC 6455 defines them, from bytes that may be split anywhere.
///
/// Model: a frame is its first byte, second byte, extended length, mask and payload; `stage` is the part that the next
/// byte belongs to. A message is the payloads of a text or binary frame and its continuations; control frames may stand
/// between these. Each violation is reported at the first byte that shows it, and ends the reading: what follows has
/// no definite frames.
///
/// - **Owner:** the channel's event loop.
/// - **Bound:** one message up to `messageBytesMax` and one control frame. A buffer grows as bytes arrive, not by the
///   length that a client announces; between frames there is none.
/// - **Promise:** a listener gets each message and control frame once, in order; nothing after a violation or close.
final class FrameReader {
    /// Receives what was read, on the channel's event loop. It owns the arrays.
    interface Listener {
        /// A complete message, text or binary. The UTF-8 of one that arrived at once is not checked.
        void onMessage(byte[] message);

        void onPing(byte[] payload);

        void onPong();

        /// A valid close frame.
        ///
        /// @param payload empty, or a code and a reason
        void onClose(byte[] payload);

        /// A frame violates RFC 6455.
        void onProtocolViolation();

        /// A text message has bytes that are no UTF-8.
        void onInvalidUtf8();

        /// A message is longer than `messageBytesMax`.
        void onMessageTooLong();
    }

    private enum Stage {
        FIRST_BYTE,
        SECOND_BYTE,
        LENGTH,
        MASK,
        PAYLOAD,
        /// Everything is dropped.
        ENDED
    }

    private static final int CONTINUATION = 0;
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;
    private static final int FIN = 0x80;
    private static final int RESERVED_BITS = 0x70;
    private static final int MASKED = 0x80;

    /// Payload lengths above it have an extended length; control frames must not.
    private static final int SHORT_LENGTH_MAX = 125;

    private static final byte[] EMPTY = {};
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final Listener listener;
    private final int messageBytesMax;

    private Stage stage = Stage.FIRST_BYTE;
    /// Bytes that the length or the mask still lacks.
    private byte missingBytes;
    private byte firstByte;
    private boolean inMessage;
    private boolean text;
    private boolean longForm;
    private int mask;
    /// Of the current frame, while its extended length is read.
    private long length;
    private int payloadLength;
    /// Payload bytes of the current frame that were read.
    private int payloadRead;

    private byte[] message = EMPTY;
    private int messageLength;
    private int utf8 = Utf8.COMPLETE;
    private byte @Nullable [] control;

    FrameReader(int messageBytesMax, Listener listener) {
        this.messageBytesMax = messageBytesMax;
        this.listener = listener;
    }

    /// Reads all readable bytes. The caller releases the buffer.
    void read(ByteBuf in) {
        while (in.isReadable()) {
            switch (stage) {
                case FIRST_BYTE -> onFirstByte(in.readByte());
                case SECOND_BYTE -> onSecondByte(in.readUnsignedByte());
                case LENGTH -> {
                    length = length << 8 | in.readUnsignedByte();
                    if (--missingBytes == 0) {
                        onLength();
                    }
                }
                case MASK -> {
                    mask = mask << 8 | in.readUnsignedByte();
                    if (--missingBytes == 0) {
                        stage = Stage.PAYLOAD;
                        if (payloadLength == 0) {
                            onFrameEnd();
                        }
                    }
                }
                case PAYLOAD -> readPayload(in);
                case ENDED -> in.skipBytes(in.readableBytes());
            }
        }
    }

    private int opcode() {
        return firstByte & 0x0f;
    }

    private boolean isFinal() {
        return (firstByte & FIN) != 0;
    }

    private boolean isControl() {
        return (firstByte & 0x08) != 0;
    }

    private void onFirstByte(byte first) {
        firstByte = first;
        boolean valid = switch (opcode()) {
            case CONTINUATION -> inMessage;
            case TEXT, BINARY -> !inMessage;
            case CLOSE, PING, PONG -> isFinal();
            default -> false;
        };
        if (!valid || (first & RESERVED_BITS) != 0) {
            violate();
            return;
        }
        if (opcode() == TEXT || opcode() == BINARY) {
            inMessage = true;
            text = opcode() == TEXT;
        }
        stage = Stage.SECOND_BYTE;
    }

    private void onSecondByte(int second) {
        int shortLength = second & ~MASKED;
        boolean valid = !isControl() || shortLength <= SHORT_LENGTH_MAX && !(opcode() == CLOSE && shortLength == 1);
        if (!valid || (second & MASKED) == 0) {
            violate();
        } else if (shortLength <= SHORT_LENGTH_MAX) {
            beginMask(shortLength);
        } else {
            length = 0;
            longForm = shortLength != SHORT_LENGTH_MAX + 1;
            missingBytes = (byte) (longForm ? Long.BYTES : Short.BYTES);
            stage = Stage.LENGTH;
        }
    }

    /// The extended length is complete; a shorter form must not have been possible.
    private void onLength() {
        long shortestForForm = longForm ? 1 << Short.SIZE : SHORT_LENGTH_MAX + 1;
        // A length with its highest bit set is negative here.
        if (length < shortestForForm) {
            violate();
        } else if (length > messageBytesMax) {
            end();
            listener.onMessageTooLong();
        } else {
            beginMask((int) length);
        }
    }

    private void beginMask(int frameLength) {
        if (!isControl() && frameLength > messageBytesMax - messageLength) {
            end();
            listener.onMessageTooLong();
            return;
        }
        payloadLength = frameLength;
        payloadRead = 0;
        mask = 0;
        missingBytes = Integer.BYTES;
        stage = Stage.MASK;
    }

    private void readPayload(ByteBuf in) {
        int count = Math.min(in.readableBytes(), payloadLength - payloadRead);
        if (isControl()) {
            if (control == null) {
                control = new byte[payloadLength];
            }
            readUnmasked(in, control, payloadRead, count);
        } else {
            ensureRoomFor(count);
            readUnmasked(in, message, messageLength, count);
            messageLength += count;
        }
        payloadRead += count;
        // A message that arrived at once is checked as a whole by its codec.
        boolean atOnce = isFinal() && opcode() != CONTINUATION && count == payloadLength;
        if (text && !isControl() && !atOnce && !checkUtf8(messageLength - count)) {
            return;
        }
        if (payloadRead == payloadLength) {
            onFrameEnd();
        }
    }

    private boolean checkUtf8(int from) {
        utf8 = Utf8.check(utf8, message, from, messageLength);
        if (utf8 == Utf8.INVALID) {
            end();
            listener.onInvalidUtf8();
            return false;
        }
        return true;
    }

    private void ensureRoomFor(int count) {
        int needed = messageLength + count;
        if (needed > message.length) {
            // The whole frame when it is here already, else twice what is held.
            int frameEnd = messageLength + payloadLength - payloadRead;
            message = Arrays.copyOf(message, Math.max(needed, Math.min(frameEnd, message.length * 2)));
        }
    }

    private void readUnmasked(ByteBuf in, byte[] target, int offset, int count) {
        in.readBytes(target, offset, count);
        // The mask as it applies to the first byte here.
        int rotated = Integer.rotateLeft(mask, payloadRead % Integer.BYTES * Byte.SIZE);
        long twice = (long) rotated << Integer.SIZE | Integer.toUnsignedLong(rotated);
        int end = offset + count;
        int i = offset;
        for (; i <= end - Long.BYTES; i += Long.BYTES) {
            LONGS.set(target, i, (long) LONGS.get(target, i) ^ twice);
        }
        for (int shift = Integer.SIZE - Byte.SIZE; i < end; i++, shift = (shift - Byte.SIZE) & (Integer.SIZE - 1)) {
            target[i] ^= (byte) (rotated >> shift);
        }
    }

    private void onFrameEnd() {
        stage = Stage.FIRST_BYTE;
        if (isControl()) {
            var payload = control == null ? EMPTY : control;
            control = null;
            onControlFrame(payload);
        } else if (isFinal()) {
            var complete = message.length == messageLength ? message : Arrays.copyOf(message, messageLength);
            message = EMPTY;
            messageLength = 0;
            utf8 = Utf8.COMPLETE;
            inMessage = false;
            listener.onMessage(complete);
        }
    }

    private void onControlFrame(byte[] payload) {
        switch (opcode()) {
            case PING -> listener.onPing(payload);
            case PONG -> listener.onPong();
            default -> {
                if (isValidClose(payload)) {
                    end();
                    listener.onClose(payload);
                } else {
                    violate();
                }
            }
        }
    }

    private static boolean isValidClose(byte[] payload) {
        return payload.length == 0
                || WebSocketCloseStatus.isValidStatusCode(closeCode(payload))
                        && Utf8.check(Utf8.COMPLETE, payload, Short.BYTES, payload.length) == Utf8.COMPLETE;
    }

    /// The code of a close frame; negative: it has none.
    static int closeCode(byte[] payload) {
        return payload.length < Short.BYTES ? -1 : (payload[0] & 0xff) << Byte.SIZE | payload[1] & 0xff;
    }

    private void violate() {
        end();
        listener.onProtocolViolation();
    }

    private void end() {
        stage = Stage.ENDED;
        message = EMPTY;
        messageLength = 0;
        control = null;
    }
}
