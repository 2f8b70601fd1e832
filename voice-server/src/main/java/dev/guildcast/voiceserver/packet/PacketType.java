package dev.guildcast.voiceserver.packet;

import java.nio.ByteBuffer;

/// What a datagram is, by its length and its first bytes (RFC 7983, and Discord's own packets among them).
public enum PacketType {
    /// Sound or video, encrypted.
    RTP,
    /// Reports and feedback, encrypted.
    RTCP,
    /// Address discovery: a client asks for its public address.
    DISCOVERY,
    /// Eight bytes that come back, so that a NAT keeps the way open and the client can measure it.
    PING,
    /// As a ping, but nothing comes back.
    KEEP_ALIVE,
    /// From a browser.
    STUN,
    /// From a browser.
    DTLS,
    /// Nothing that this port serves.
    UNKNOWN;

    /// No datagram is longer: what a path carries whole, with room to spare.
    public static final int BYTES_MAX = 2048;

    /// Two numbers of four bytes; see [Ping].
    private static final int PING_BYTES = 8;
    /// JDA keeps the NAT open with 0xc9 and eight zeros.
    private static final int JDA_KEEP_ALIVE_BYTES = 9;
    private static final int JDA_KEEP_ALIVE = 0xc9;
    /// A STUN header has 20 bytes (RFC 8489, section 5) and begins with 0 to 3 (RFC 7983, section 7).
    private static final int STUN_BYTES_MIN = 20;
    private static final int STUN_FIRST_MAX = 3;
    /// The magic cookie of RFC 8489, section 5.
    private static final int STUN_COOKIE = 0x2112a442;
    private static final int STUN_COOKIE_OFFSET = 4;
    /// DTLS begins with 20 to 63 (RFC 7983, section 7); a record header has 13 bytes (RFC 6347, section 4.1).
    private static final int DTLS_FIRST_MIN = 20;
    private static final int DTLS_FIRST_MAX = 63;
    private static final int DTLS_BYTES_MIN = 13;
    /// RTP and RTCP begin with version 2 in the two highest bits (RFC 7983, section 7).
    private static final int RTP_FIRST_MIN = 0x80;
    private static final int RTP_FIRST_MAX = 0xbf;
    /// The types of RTCP in use; with the marker bit they would be RTP payload types 72 to 79, which RFC 5761, section
    /// 4, forbids.
    private static final int RTCP_TYPE_MIN = 200;
    private static final int RTCP_TYPE_MAX = 207;

    /// @param packet a datagram between position and limit
    public static PacketType of(ByteBuffer packet) {
        int bytes = packet.remaining();
        if (AddressDiscovery.isRequest(packet)) {
            return DISCOVERY;
        }
        if (bytes == PING_BYTES) {
            return PING;
        }
        if (bytes < PING_BYTES) {
            return UNKNOWN;
        }
        int first = Byte.toUnsignedInt(packet.get(packet.position()));
        if (first >= RTP_FIRST_MIN && first <= RTP_FIRST_MAX) {
            int second = Byte.toUnsignedInt(packet.get(packet.position() + 1));
            return second >= RTCP_TYPE_MIN && second <= RTCP_TYPE_MAX ? RTCP : RTP;
        }
        if (first <= STUN_FIRST_MAX) {
            return bytes >= STUN_BYTES_MIN && packet.getInt(packet.position() + STUN_COOKIE_OFFSET) == STUN_COOKIE
                    ? STUN
                    : UNKNOWN;
        }
        if (first >= DTLS_FIRST_MIN && first <= DTLS_FIRST_MAX) {
            return bytes >= DTLS_BYTES_MIN ? DTLS : UNKNOWN;
        }
        return first == JDA_KEEP_ALIVE && bytes == JDA_KEEP_ALIVE_BYTES ? KEEP_ALIVE : UNKNOWN;
    }
}
