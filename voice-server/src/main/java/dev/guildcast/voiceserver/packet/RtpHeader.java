package dev.guildcast.voiceserver.packet;

import java.nio.ByteBuffer;

/// The clear part of an RTP packet in the `rtpsize` modes (RFC 3550, section 5.1): the fixed header, the CSRCs and,
/// where there is an extension, its four bytes of preamble. The extension's body is encrypted with the payload.
public final class RtpHeader {
    /// What [#clearBytes] answers for a packet that is none.
    public static final int MALFORMED = -1;

    /// Fixed part, fifteen CSRCs, preamble.
    public static final int CLEAR_BYTES_MAX = 76;

    /// These offsets and masks are the layout of RFC 3550, section 5.1.
    private static final int FIXED_BYTES = 12;
    private static final int VERSION_SHIFT = 6;
    private static final int VERSION = 2;
    private static final int EXTENSION_BIT = 0x10;
    private static final int CSRC_COUNT_MASK = 0x0f;
    private static final int CSRC_BYTES = 4;
    private static final int PREAMBLE_BYTES = 4;
    private static final int PAYLOAD_TYPE_OFFSET = 1;
    private static final int PAYLOAD_TYPE_MASK = 0x7f;
    private static final int MARKER_BIT = 0x80;
    private static final int SEQUENCE_OFFSET = 2;
    private static final int SSRC_OFFSET = 8;

    private RtpHeader() {}

    /// How many bytes are clear, or [#MALFORMED].
    public static int clearBytes(ByteBuffer packet) {
        int bytes = packet.remaining();
        if (bytes < FIXED_BYTES) {
            return MALFORMED;
        }
        int first = Byte.toUnsignedInt(packet.get(packet.position()));
        if (first >> VERSION_SHIFT != VERSION) {
            return MALFORMED;
        }
        int clear = FIXED_BYTES
                + CSRC_BYTES * (first & CSRC_COUNT_MASK)
                + ((first & EXTENSION_BIT) != 0 ? PREAMBLE_BYTES : 0);
        return clear <= bytes ? clear : MALFORMED;
    }

    /// 0 to 127.
    public static int payloadType(ByteBuffer packet) {
        return packet.get(packet.position() + PAYLOAD_TYPE_OFFSET) & PAYLOAD_TYPE_MASK;
    }

    /// Puts another payload type in its place; the marker stays.
    public static void setPayloadType(ByteBuffer packet, int payloadType) {
        int at = packet.position() + PAYLOAD_TYPE_OFFSET;
        packet.put(at, (byte) (packet.get(at) & MARKER_BIT | payloadType));
    }

    /// 0 to 65 535.
    public static int sequence(ByteBuffer packet) {
        return Short.toUnsignedInt(packet.getShort(packet.position() + SEQUENCE_OFFSET));
    }

    public static int ssrc(ByteBuffer packet) {
        return packet.getInt(packet.position() + SSRC_OFFSET);
    }
}
