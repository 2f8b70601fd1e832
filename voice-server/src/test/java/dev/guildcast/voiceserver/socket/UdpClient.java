package dev.guildcast.voiceserver.socket;

import dev.guildcast.voiceserver.relay.NativeClient;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/// A native client with a socket.
final class UdpClient implements AutoCloseable {
    private static final int BYTES_MAX = 4096;

    private final NativeClient client;
    private final DatagramSocket socket;
    private final InetSocketAddress server;

    UdpClient(NativeClient client, InetAddress address, int port) throws IOException {
        this.client = client;
        this.socket = new DatagramSocket(0, address);
        this.server = new InetSocketAddress(address, port);
    }

    NativeClient client() {
        return client;
    }

    int localPort() {
        return socket.getLocalPort();
    }

    void send(ByteBuffer datagram) throws IOException {
        socket.send(new DatagramPacket(datagram.array(), datagram.position(), datagram.remaining(), server));
    }

    /// Asks for its address, then proves it.
    byte[] connect() throws IOException {
        send(client.discovery());
        byte[] response = receive(Duration.ofSeconds(5)).orElseThrow();
        send(client.sound("here"));
        return response;
    }

    /// The next datagram; empty when none comes in this time.
    Optional<byte[]> receive(Duration time) throws IOException {
        var packet = new DatagramPacket(new byte[BYTES_MAX], BYTES_MAX);
        socket.setSoTimeout((int) Math.max(1, time.toMillis()));
        try {
            socket.receive(packet);
        } catch (SocketTimeoutException none) {
            return Optional.empty();
        }
        return Optional.of(Arrays.copyOf(packet.getData(), packet.getLength()));
    }

    /// The next sound; empty when none comes in this time.
    Optional<String> sound(Duration time) throws IOException {
        return receive(time).flatMap(datagram -> client.openSound(ByteBuffer.wrap(datagram)));
    }

    @Override
    public void close() {
        socket.close();
    }
}
