package dev.guildcast.gateway.socket;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// Limits and options of one client socket. One component for each key. The default backlog is the kernel's own default
/// of `somaxconn`; the default of outbound-limit is four times the high-water mark of a channel, so that a client is
/// parked for a backlog and not for a burst.
///
/// @param layer what serves a socket after its handshake. `frame`: the gateway's own WebSocket frame layer, which needs
///     a fraction of the memory and CPU time; `webflux`: WebFlux, to compare with it. Clients see no difference
/// @param outboundLimit bytes that a connection may have queued before its push is parked; 50 000 connections at the
///     default can hold 12 GiB, so lower it before raising the connection count
/// @param parkedMax how long a slow client may stay parked before it is closed with 4000: a longer time lets it
///     recover, a shorter one frees its queue sooner
/// @param closeTimeout how long a client may take to answer a close frame before its channel is closed: longer lets a
///     slow client read the close code, shorter frees dead sockets sooner
/// @param tcpNoDelay on: each event leaves at once; off: fewer packets, and up to 40 ms on top of each event
/// @param sendBuffer size of the kernel's send buffer of each socket; zero: the kernel's own choice. Smaller notices
///     slow clients sooner and saves kernel memory, larger carries bursts over long distances
/// @param receiveBuffer size of the kernel's receive buffer of each socket; zero: the kernel's own choice. Clients send
///     little, so the kernel's choice is good enough
/// @param backlog connections that may wait to be accepted; the kernel limits it to `somaxconn`. More survives a
///     reconnect storm without refused connections. The default is the default of `somaxconn` in Linux
@ConfigurationProperties("gateway.socket")
record SocketProperties(
        @DefaultValue("frame") SocketLayer layer,
        @DefaultValue("256KB") DataSize outboundLimit,
        @DefaultValue("60s") Duration parkedMax,
        @DefaultValue("5s") Duration closeTimeout,
        @DefaultValue("true") boolean tcpNoDelay,
        @DefaultValue("0B") DataSize sendBuffer,
        @DefaultValue("0B") DataSize receiveBuffer,
        @DefaultValue("4096") int backlog) {
    /// READY names each guild in about 50 bytes, so that 16 KB hold the one of 300 guilds: below this, a single frame
    /// that waits for the channel would park a client that reads.
    private static final DataSize OUTBOUND_LIMIT_MIN = DataSize.ofKilobytes(16);

    SocketProperties {
        if (outboundLimit.compareTo(OUTBOUND_LIMIT_MIN) < 0) {
            throw new IllegalArgumentException(
                    "gateway.socket.outbound-limit is " + outboundLimit + " (expected: at least 16 KB)");
        }
        if (closeTimeout.isNegative() || closeTimeout.isZero() || parkedMax.isNegative() || backlog < 1) {
            throw new IllegalArgumentException("gateway.socket.close-timeout is " + closeTimeout + ", parked-max "
                    + parkedMax + " and backlog " + backlog + " (expected: above zero, zero or more, at least 1)");
        }
    }
}
