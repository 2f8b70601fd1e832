package dev.guildcast.voiceserver.packet;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Discord's IP discovery: type, length, SSRC, 64 bytes of address as text, port. The answer is as long as the
/// question.
public final class AddressDiscovery {
    /// Type and length, 2 bytes each, and what they announce.
    public static final int BYTES = 74;

    /// Types, length and offsets as Discord's documentation of IP discovery gives them; the length counts what is
    /// behind it.
    private static final int REQUEST = 1;
    private static final int RESPONSE = 2;
    private static final int LENGTH = 70;
    private static final int LENGTH_OFFSET = 2;
    private static final int SSRC_OFFSET = 4;
    private static final int ADDRESS_BYTES = 64;

    private AddressDiscovery() {}

    public static boolean isRequest(ByteBuffer packet) {
        return packet.remaining() == BYTES
                && packet.getShort(packet.position()) == REQUEST
                && packet.getShort(packet.position() + LENGTH_OFFSET) == LENGTH;
    }

    /// @param request as [#isRequest] takes it for one
    public static int ssrc(ByteBuffer request) {
        return request.getInt(request.position() + SSRC_OFFSET);
    }

    /// Writes what the client is seen as, [#BYTES] long.
    public static void writeResponse(int ssrc, InetSocketAddress source, ByteBuffer out) {
        int end = out.position() + BYTES;
        out.putShort((short) RESPONSE).putShort((short) LENGTH).putInt(ssrc);
        String text = source.getAddress().getHostAddress();
        int scope = text.indexOf('%');
        byte[] address = (scope < 0 ? text : text.substring(0, scope)).getBytes(StandardCharsets.US_ASCII);
        out.put(address);
        for (int i = address.length; i < ADDRESS_BYTES; i++) {
            out.put((byte) 0);
        }
        out.putShort((short) source.getPort());
        assert out.position() == end;
    }
}
