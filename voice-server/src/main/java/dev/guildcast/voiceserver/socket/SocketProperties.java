package dev.guildcast.voiceserver.socket;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// The media port.
///
/// @param address the address to bind; empty: all addresses of the machine, IPv4 and IPv6 by one socket
/// @param port UDP port; 0: any free one; the default lies below the ports that Linux gives to outgoing sockets
/// @param receiveBuffer size of the kernel's receive buffer; it must hold the packets that arrive during the loop's
///     longest turn, a packet to a room of a thousand (6 ms) or a garbage collection; a lower net.core.rmem_max limits
///     it
/// @param sendBuffer size of the kernel's send buffer; it must hold the copies of one packet for the largest room, each
///     as large as its packet and some hundred bytes more
/// @param commandsMax commands that may wait for the loop; a server that takes over the rooms of another is given one
///     for each of its users
@ConfigurationProperties("voice-server.socket")
public record SocketProperties(
        @DefaultValue("") String address,
        @DefaultValue("20000") int port,
        @DefaultValue("4MB") DataSize receiveBuffer,
        @DefaultValue("4MB") DataSize sendBuffer,
        @DefaultValue("10000") int commandsMax) {
    /// UDP has 16 bits for a port.
    private static final int PORT_MAX = 65_535;

    public SocketProperties {
        if (port < 0 || port > PORT_MAX) {
            throw new IllegalArgumentException("voice-server.socket.port " + port + " (expected: 0 to 65535)");
        }
        if (commandsMax < 1) {
            throw new IllegalArgumentException(
                    "voice-server.socket.commands-max " + commandsMax + " (expected: at least 1)");
        }
    }
}
