package dev.guildcast.benchmark.voice;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The baseline: passes each datagram on to the others in its room as it came. No cipher, no check, one buffer.
final class BareForwarder implements Runnable {
    /// Longer than any packet of the scenario, as in the server that is compared.
    private static final int BYTES_MAX = 2048;
    /// As the server's, so that neither loses more for want of a buffer.
    private static final int BUFFER_BYTES = 4 << 20;
    /// In an RTP header (RFC 3550, section 5.1).
    private static final int SSRC_OFFSET = 8;
    /// The SSRC in an address discovery request.
    private static final int DISCOVERY_BYTES = 74;
    private static final int DISCOVERY_SSRC_OFFSET = 4;

    private final VoiceScenario scenario;
    private final DatagramChannel channel;
    private final @Nullable SocketAddress[] addresses;
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong sent = new AtomicLong();

    BareForwarder(VoiceScenario scenario) throws IOException {
        this.scenario = scenario;
        addresses = new SocketAddress[scenario.total()];
        channel = DatagramChannel.open()
                .setOption(StandardSocketOptions.SO_RCVBUF, BUFFER_BYTES)
                .setOption(StandardSocketOptions.SO_SNDBUF, BUFFER_BYTES)
                .bind(new InetSocketAddress("127.0.0.1", 0));
    }

    int localPort() {
        return channel.socket().getLocalPort();
    }

    long received() {
        return received.get();
    }

    long sent() {
        return sent.get();
    }

    @Override
    public void run() {
        var datagram = ByteBuffer.allocateDirect(BYTES_MAX);
        try {
            while (true) {
                datagram.clear();
                SocketAddress source = channel.receive(datagram);
                datagram.flip();
                received.incrementAndGet();
                boolean isDiscovery = datagram.remaining() == DISCOVERY_BYTES;
                int user = datagram.getInt(isDiscovery ? DISCOVERY_SSRC_OFFSET : SSRC_OFFSET) - 1;
                if (isDiscovery) {
                    addresses[user] = source;
                    channel.send(datagram, source);
                } else {
                    forward(datagram, user);
                }
            }
        } catch (ClosedByInterruptException end) {
            // The server is stopped.
        } catch (IOException e) {
            throw new IllegalStateException("the baseline ended", e);
        }
    }

    private void forward(ByteBuffer datagram, int user) throws IOException {
        int first = scenario.roomOf(user) * scenario.users();
        for (int other = first; other < first + scenario.users(); other++) {
            SocketAddress target = addresses[other];
            if (other != user && target != null) {
                channel.send(datagram.rewind(), target);
                sent.incrementAndGet();
            }
        }
    }
}
