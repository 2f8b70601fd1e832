package dev.guildcast.voiceserver.packet;

import java.nio.ByteBuffer;

/// RTCP (RFC 3550, section 6): a datagram holds several packets one behind the other. The first eight bytes of the
/// datagram are clear.
public final class RtcpPacket {
    /// Type, length and the sender's SSRC: what the `rtpsize` modes leave clear.
    public static final int CLEAR_BYTES = 8;

    /// What [#bytes] answers where no whole packet stands.
    public static final int MALFORMED = -1;

    /// Packet types as RFC 3550, section 12.1, and RFC 4585, section 6.1, number them.
    public static final int SENDER_REPORT = 200;
    public static final int RECEIVER_REPORT = 201;
    /// Such as a request to repeat packets.
    public static final int TRANSPORT_FEEDBACK = 205;
    /// Such as a request for a key frame.
    public static final int PAYLOAD_FEEDBACK = 206;

    /// These offsets are the layout of RFC 3550, section 6.4.1, and RFC 4585, section 6.1.
    private static final int VERSION_SHIFT = 6;
    private static final int VERSION = 2;
    private static final int TYPE_OFFSET = 1;
    private static final int LENGTH_OFFSET = 2;
    private static final int WORD_BYTES = 4;
    private static final int SENDER_OFFSET = 4;
    private static final int MEDIA_OFFSET = 8;
    private static final int FEEDBACK_BYTES_MIN = 12;

    private RtcpPacket() {}

    /// How long the packet at `offset` is, at least eight bytes and never past the limit, or [#MALFORMED].
    ///
    /// @param offset absolute
    public static int bytes(ByteBuffer datagram, int offset) {
        int left = datagram.limit() - offset;
        if (offset < datagram.position()
                || left < CLEAR_BYTES
                || Byte.toUnsignedInt(datagram.get(offset)) >> VERSION_SHIFT != VERSION) {
            return MALFORMED;
        }
        int bytes = (Short.toUnsignedInt(datagram.getShort(offset + LENGTH_OFFSET)) + 1) * WORD_BYTES;
        return bytes >= CLEAR_BYTES && bytes <= left ? bytes : MALFORMED;
    }

    public static int type(ByteBuffer datagram, int offset) {
        return Byte.toUnsignedInt(datagram.get(offset + TYPE_OFFSET));
    }

    /// Whose packet it is.
    public static int sender(ByteBuffer datagram, int offset) {
        return datagram.getInt(offset + SENDER_OFFSET);
    }

    /// Whether the packet, `bytes` long, is feedback about a stream, with its media SSRC.
    public static boolean isFeedback(ByteBuffer datagram, int offset, int bytes) {
        int type = type(datagram, offset);
        return (type == TRANSPORT_FEEDBACK || type == PAYLOAD_FEEDBACK) && bytes >= FEEDBACK_BYTES_MIN;
    }

    /// About whose stream feedback is.
    public static int media(ByteBuffer datagram, int offset) {
        return datagram.getInt(offset + MEDIA_OFFSET);
    }
}
