package dev.guildcast.voiceserver.relay;

import dev.guildcast.voiceserver.packet.PacketType;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/// Takes what only browsers send: STUN and DTLS.
public interface BrowserPackets {
    /// For a server that serves no browsers: they are counted, and nothing is answered.
    BrowserPackets UNSERVED = (type, datagram, source, nowNanos) -> {};

    /// @param type [PacketType#STUN] or [PacketType#DTLS]
    /// @param datagram between position and limit; of use during the call only
    void onPacket(PacketType type, ByteBuffer datagram, InetSocketAddress source, long nowNanos);
}
