package dev.guildcast.benchmark.voice;

import dev.guildcast.voiceserver.crypto.Nonces;
import dev.guildcast.voiceserver.crypto.PacketOpener;
import dev.guildcast.voiceserver.crypto.PacketSealer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/// All clients of a scenario on one thread, each with a socket. Speakers send on time, spread over the 20 ms; every
/// packet that comes is counted, and every eighth opened for the time at which it was sent.
final class VoiceLoad implements AutoCloseable {
    /// An RTP header without CSRCs.
    private static final int HEADER_BYTES = 12;
    /// The length of a response by which a client knows it.
    private static final int DISCOVERY_BYTES = 74;
    /// Longer than any packet of the scenario.
    private static final int BYTES_MAX = 2048;
    /// Opening every packet would make the clients' one thread the bottleneck; an eighth suffices for the percentiles.
    private static final int OPEN_EVERY = 8;
    /// Holds what arrives at one socket while the one thread serves the others.
    private static final int RECEIVE_BUFFER = 1 << 18;
    private static final long FRAME_NANOS = TimeUnit.SECONDS.toNanos(1) / VoiceScenario.PACKETS_PER_SECOND;
    /// A server that has not answered an address discovery by then has failed.
    private static final long CONNECT_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final VoiceScenario scenario;
    private final boolean isSealed;
    private final Selector selector = Selector.open();
    private final List<Client> clients = new ArrayList<>();
    private final List<Client> speakers = new ArrayList<>();
    private final ByteBuffer incoming = ByteBuffer.allocateDirect(BYTES_MAX);
    private final ByteBuffer datagram = ByteBuffer.allocate(BYTES_MAX);
    private final ByteBuffer clear = ByteBuffer.allocate(BYTES_MAX);
    private final Histogram latencies = new Histogram(TimeUnit.SECONDS.toNanos(10), 3);
    private long received;
    private long sent;

    /// @param isSealed whether packets are encrypted; the baseline passes on what it gets
    VoiceLoad(VoiceScenario scenario, int port, boolean isSealed) throws IOException {
        this.scenario = scenario;
        this.isSealed = isSealed;
        for (int user = 0; user < scenario.total(); user++) {
            var client = new Client(user, new InetSocketAddress("127.0.0.1", port));
            clients.add(client);
            if (scenario.speaks(user)) {
                speakers.add(client);
            }
        }
    }

    long received() {
        return received;
    }

    long sent() {
        return sent;
    }

    Histogram latencies() {
        return latencies;
    }

    /// Every client asks for its address, and proves it by a packet of sound.
    void connect() throws IOException {
        for (Client client : clients) {
            client.discover();
            await(client);
            client.speak(System.nanoTime());
        }
        // What that made the server send is no part of the measurement.
        long quietNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
        while (System.nanoTime() - quietNanos < 0) {
            receive();
        }
        reset();
    }

    void reset() {
        received = 0;
        sent = 0;
        latencies.reset();
    }

    /// Lets the speakers speak for so long, then waits for what is on its way.
    void run(int seconds) throws IOException {
        long startNanos = System.nanoTime();
        long frames = (long) seconds * VoiceScenario.PACKETS_PER_SECOND;
        long total = frames * speakers.size();
        long spacingNanos = FRAME_NANOS / speakers.size();
        long next = 0;
        while (next < total) {
            long dueNanos = startNanos + next / speakers.size() * FRAME_NANOS + next % speakers.size() * spacingNanos;
            long nowNanos = System.nanoTime();
            if (nowNanos - dueNanos >= 0) {
                speakers.get((int) (next % speakers.size())).speak(nowNanos);
                sent++;
                next++;
            } else {
                receive();
            }
        }
        long quietNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
        while (System.nanoTime() - quietNanos < 0) {
            receive();
        }
    }

    @Override
    public void close() throws IOException {
        for (Client client : clients) {
            client.channel.close();
        }
        selector.close();
    }

    private void await(Client client) throws IOException {
        long deadlineNanos = System.nanoTime() + CONNECT_NANOS;
        while (!client.discovered) {
            receive();
            if (System.nanoTime() - deadlineNanos >= 0) {
                throw new IOException("client " + client.user + " was not answered");
            }
        }
    }

    /// What has come by now; does not wait, because the next packet is due in microseconds.
    private void receive() throws IOException {
        selector.selectNow(key -> {
            try {
                ((Client) key.attachment()).read();
            } catch (IOException e) {
                throw new IllegalStateException("a client cannot read", e);
            }
        });
    }

    private final class Client {
        private final int user;
        private final DatagramChannel channel;
        private final PacketSealer sealer;
        private final PacketOpener opener;
        private final ByteBuffer outgoing = ByteBuffer.allocate(BYTES_MAX);
        private int sequence;
        private boolean discovered;

        Client(int user, InetSocketAddress server) throws IOException {
            this.user = user;
            sealer = scenario.mode().sealer(scenario.key(user), new Counting());
            opener = scenario.mode().opener(scenario.key(user));
            channel = DatagramChannel.open()
                    .setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER)
                    .bind(new InetSocketAddress("127.0.0.1", 0))
                    .connect(server);
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, this);
        }

        void discover() throws IOException {
            datagram.clear()
                    .putShort((short) 1)
                    .putShort((short) (DISCOVERY_BYTES - Integer.BYTES))
                    .putInt(scenario.ssrc(user))
                    .position(DISCOVERY_BYTES)
                    .flip();
            channel.write(datagram);
        }

        void speak(long nowNanos) throws IOException {
            datagram.clear()
                    .putShort((short) 0x8078)
                    .putShort((short) sequence)
                    .putInt(sequence * 960)
                    .putInt(scenario.ssrc(user))
                    .putLong(nowNanos)
                    .position(HEADER_BYTES + VoiceScenario.PAYLOAD_BYTES)
                    .flip();
            sequence++;
            if (isSealed) {
                sealer.seal(datagram, HEADER_BYTES, outgoing.clear());
                channel.write(outgoing.flip());
            } else {
                // As long as a sealed one.
                channel.write(datagram.limit(datagram.limit() + PacketSealer.OVERHEAD_BYTES));
            }
        }

        void read() throws IOException {
            while (channel.read(incoming.clear()) > 0) {
                incoming.flip();
                if (incoming.remaining() == DISCOVERY_BYTES) {
                    discovered = true;
                } else if (received++ % OPEN_EVERY == 0) {
                    latencies.recordValue(Math.max(0, System.nanoTime() - sentNanos()));
                }
            }
        }

        private long sentNanos() {
            datagram.clear().put(incoming).flip();
            if (!isSealed) {
                return datagram.getLong(HEADER_BYTES);
            }
            if (!opener.open(datagram, HEADER_BYTES, clear.clear())) {
                throw new IllegalStateException("a packet to client " + user + " does not open");
            }
            return clear.getLong(HEADER_BYTES);
        }
    }

    private static final class Counting implements Nonces {
        private int counter;

        @Override
        public boolean exhausted() {
            return false;
        }

        @Override
        public int next() {
            return counter++;
        }
    }
}
