package dev.guildcast.benchmark.suite;

import java.net.ProtocolException;
import java.nio.ByteBuffer;

/// Parses the frames of a WebSocket server (RFC 6455) in place, one after the other.
///
/// - **Owner:** one connection; [#next] overwrites the result for the previous frame.
/// - **Bound:** rejects a frame with a payload longer than [#FRAME_BYTES_MAX] as soon as its header has arrived.
/// - **Promise:** an incomplete frame is left untouched. Fragmented messages, which the gateway never sends, are
///   rejected, as are masks and extensions.
final class ServerFrames {
    /// Above any payload of the benchmark's guild.
    static final int FRAME_BYTES_MAX = 1 << 20;
    /// Opcodes of RFC 6455.
    static final int TEXT = 1;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;
    /// Header bit: the message ends with this frame.
    private static final int FINAL = 0x80;
    /// Header bits of extensions.
    private static final int RESERVED = 0x70;
    /// Header bit that servers must not set.
    private static final int MASKED = 0x80;

    private int opcode;
    private int from;
    private int to;

    /// Consumes the next frame; false, without consuming anything, if it is incomplete.
    boolean next(ByteBuffer in) throws ProtocolException {
        int at = in.position();
        if (in.remaining() < 2) {
            return false;
        }
        int second = in.get(at + 1);
        int header = headerBytes(second);
        check(in.get(at), second);
        if (in.remaining() < header) {
            return false;
        }
        long length = payloadBytes(in, at, header);
        if (length < 0 || length > FRAME_BYTES_MAX) {
            throw new ProtocolException("a frame of " + Long.toUnsignedString(length) + " bytes, of which "
                    + FRAME_BYTES_MAX + " are allowed");
        }
        if (in.remaining() < header + length) {
            return false;
        }
        opcode = in.get(at) & 0x0f;
        from = at + header;
        to = from + (int) length;
        in.position(to);
        return true;
    }

    int opcode() {
        return opcode;
    }

    /// Index of the payload's first byte.
    int from() {
        return from;
    }

    /// Index after the payload's last byte.
    int to() {
        return to;
    }

    byte[] copy(ByteBuffer in) {
        var payload = new byte[to - from];
        in.get(from, payload);
        return payload;
    }

    private static void check(int first, int second) throws ProtocolException {
        if ((first & FINAL) == 0 || (first & 0x0f) == 0) {
            throw new ProtocolException("a message in several frames");
        }
        if ((first & RESERVED) != 0) {
            throw new ProtocolException("a frame of an extension");
        }
        if ((second & MASKED) != 0) {
            throw new ProtocolException("a masked frame");
        }
        if ((first & 0x0f) >= CLOSE && (second & 0x7f) > 125) {
            throw new ProtocolException("a control frame of more than 125 bytes");
        }
    }

    private static int headerBytes(int second) {
        return switch (second & 0x7f) {
            case 126 -> 4;
            case 127 -> 10;
            default -> 2;
        };
    }

    private static long payloadBytes(ByteBuffer in, int at, int header) {
        return switch (header) {
            case 4 -> in.getChar(at + 2);
            case 10 -> in.getLong(at + 2);
            default -> in.get(at + 1) & 0x7f;
        };
    }
}
