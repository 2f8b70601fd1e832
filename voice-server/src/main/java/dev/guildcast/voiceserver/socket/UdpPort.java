package dev.guildcast.voiceserver.socket;

import dev.guildcast.voiceserver.control.MediaPort;
import dev.guildcast.voiceserver.crypto.PacketSealer;
import dev.guildcast.voiceserver.packet.PacketType;
import dev.guildcast.voiceserver.relay.PacketOutput;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.unit.DataSize;

/// The UDP socket of the server: one, for IPv4 and IPv6.
///
/// - **Owner:** the media loop, once it is open.
/// - **Bound:** two buffers; a datagram that finds no room in the kernel's is lost, as datagrams may be.
public final class UdpPort implements PacketOutput, MediaPort, AutoCloseable {
    /// One byte more than a datagram may have, so that one that is too long is known by its length.
    static final int RECEIVE_BYTES = PacketType.BYTES_MAX + 1;

    private static final Logger log = LoggerFactory.getLogger(UdpPort.class);

    private final DatagramChannel channel;
    // Outside the heap: the kernel takes and gives no other memory, and the JDK would copy as well.
    private final ByteBuffer incoming = ByteBuffer.allocateDirect(RECEIVE_BYTES);
    private final ByteBuffer outgoing = ByteBuffer.allocateDirect(PacketType.BYTES_MAX + PacketSealer.OVERHEAD_BYTES);

    private UdpPort(DatagramChannel channel) {
        this.channel = channel;
    }

    /// @throws IOException if the port cannot be bound
    public static UdpPort open(SocketProperties properties) throws IOException {
        var channel = DatagramChannel.open();
        try {
            channel.configureBlocking(false);
            resize(channel, StandardSocketOptions.SO_RCVBUF, properties.receiveBuffer(), "net.core.rmem_max");
            resize(channel, StandardSocketOptions.SO_SNDBUF, properties.sendBuffer(), "net.core.wmem_max");
            channel.bind(
                    properties.address().isEmpty()
                            ? new InetSocketAddress(properties.port())
                            : new InetSocketAddress(InetAddress.getByName(properties.address()), properties.port()));
            log.info("media port bound: {}", channel.getLocalAddress());
            return new UdpPort(channel);
        } catch (IOException | RuntimeException failed) {
            channel.close();
            throw failed;
        }
    }

    @Override
    public int localPort() {
        return channel.socket().getLocalPort();
    }

    void register(Selector selector) throws ClosedChannelException {
        channel.register(selector, SelectionKey.OP_READ);
    }

    /// Takes the next datagram that has come.
    ///
    /// @param datagram at least [#RECEIVE_BYTES] long; holds it between position and limit
    /// @return from where; null when none has come
    @Nullable
    InetSocketAddress receive(ByteBuffer datagram) throws IOException {
        incoming.clear();
        var source = (InetSocketAddress) channel.receive(incoming);
        if (source != null) {
            datagram.clear().put(incoming.flip()).flip();
        }
        return source;
    }

    @Override
    public Sent send(ByteBuffer datagram, InetSocketAddress target) {
        outgoing.clear().put(datagram).flip();
        try {
            return channel.send(outgoing, target) > 0 ? Sent.DONE : Sent.FULL;
        } catch (IOException | RuntimeException unreachable) {
            // No route, a network that is down, an address of a family that this machine lacks: this receiver's affair.
            log.debug("a datagram could not be sent: {}", unreachable.toString());
            return Sent.FAILED;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static void resize(DatagramChannel channel, SocketOption<Integer> option, DataSize wanted, String limit)
            throws IOException {
        channel.setOption(option, (int) wanted.toBytes());
        int granted = channel.getOption(option);
        if (granted < wanted.toBytes()) {
            log.warn(
                    "{} is {} bytes, {} were asked for: packets are lost in bursts; raise {}",
                    option.name(),
                    granted,
                    wanted.toBytes(),
                    limit);
        }
    }
}
