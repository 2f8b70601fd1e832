package dev.guildcast.voiceserver.packet;

import java.nio.ByteBuffer;

/// The eight bytes that clients send every few seconds.
public final class Ping {
    /// Discord's own clients send the one number and expect the other.
    private static final int OFFICIAL_REQUEST = 0x1337cafe;
    private static final int OFFICIAL_RESPONSE = 0x1337f00d;

    private Ping() {}

    /// Writes what goes back: the same eight bytes, except that the official clients expect another magic number.
    public static void writeResponse(ByteBuffer ping, ByteBuffer out) {
        int first = ping.getInt(ping.position());
        out.putInt(first == OFFICIAL_REQUEST ? OFFICIAL_RESPONSE : first)
                .putInt(ping.getInt(ping.position() + Integer.BYTES));
    }
}
