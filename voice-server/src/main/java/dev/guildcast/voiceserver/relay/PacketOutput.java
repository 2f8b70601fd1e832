package dev.guildcast.voiceserver.relay;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/// Where datagrams go out.
public interface PacketOutput {
    /// What became of a datagram.
    enum Sent {
        DONE,
        /// The kernel's buffer has no room; the datagram is lost.
        FULL,
        /// The target cannot be reached; the datagram is lost.
        FAILED
    }

    /// Sends what lies between position and limit, at once or not at all.
    Sent send(ByteBuffer datagram, InetSocketAddress target);
}
