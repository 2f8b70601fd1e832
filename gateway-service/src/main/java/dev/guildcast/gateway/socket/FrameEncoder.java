package dev.guildcast.gateway.socket;

import dev.guildcast.gateway.codec.Frame;
import io.netty.buffer.ByteBuf;

/// Writes frames of the server into buffers: final, without a mask, as RFC 6455 asks of a server.
final class FrameEncoder {
    static final int CLOSE = 8;
    static final int PONG = 10;

    /// The longest header: two bytes and a length of eight.
    static final int HEADER_BYTES_MAX = 10;

    private static final int FIN = 0x80;
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int SHORT_LENGTH_MAX = 125;
    private static final int LENGTH_16_MAX = 0xffff;

    private FrameEncoder() {}

    static void append(ByteBuf out, Frame frame) {
        appendHeader(out, frame.binary() ? BINARY : TEXT, frame.length());
        out.writeBytes(frame.head());
        if (frame.body().length > 0) {
            out.writeBytes(frame.body());
        }
        if (frame.tail().length > 0) {
            out.writeBytes(frame.tail());
        }
    }

    /// @param payload at most 125 bytes
    static void appendControl(ByteBuf out, int opcode, byte[] payload) {
        appendHeader(out, opcode, payload.length);
        out.writeBytes(payload);
    }

    private static void appendHeader(ByteBuf out, int opcode, int length) {
        if (length <= SHORT_LENGTH_MAX) {
            out.writeShort(((FIN | opcode) << Byte.SIZE) | length);
        } else if (length <= LENGTH_16_MAX) {
            out.writeInt(((FIN | opcode) << 24) | ((SHORT_LENGTH_MAX + 1) << Short.SIZE) | length);
        } else {
            out.writeShort(((FIN | opcode) << Byte.SIZE) | (SHORT_LENGTH_MAX + 2))
                    .writeLong(length);
        }
    }
}
