package dev.guildcast.benchmark.socket;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Clients that count the bytes which they receive.
///
/// - **Owner:** the thread that calls.
final class SocketClients implements AutoCloseable {
    private static final String UPGRADE =
            "GET /?v=10&encoding=json%s HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
                    + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

    /// Room for what a loopback socket delivers at once.
    private static final int BUFFER_BYTES = 256 * 1024;

    private final Selector selector = Selector.open();
    private final List<SocketChannel> channels = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private long received;

    SocketClients() throws IOException {}

    /// Opens connections, and waits until each server has answered.
    ///
    /// @param compressed whether they ask for `zlib-stream`
    void connect(int port, int count, boolean compressed) throws IOException {
        var request = UPGRADE.replace("%s", compressed ? "&compress=zlib-stream" : "");
        for (int i = 0; i < count; i++) {
            var channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
            channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
            buffer.clear();
            if (channel.read(buffer) <= 0) {
                throw new IOException("no response to an upgrade");
            }
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            channels.add(channel);
        }
        readFor(Duration.ofSeconds(1));
    }

    /// Reads what comes within this time, such as a greeting, and does not count it.
    private void readFor(Duration time) throws IOException {
        long endNanos = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < endNanos) {
            selector.select(this::read, 50);
        }
        received = 0;
    }

    /// Reads until so many bytes have arrived, and forgets them.
    void await(long bytes, Duration timeout) throws IOException {
        long endNanos = System.nanoTime() + timeout.toNanos();
        while (received < bytes) {
            if (System.nanoTime() > endNanos) {
                throw new IOException(received + " of " + bytes + " bytes were received within " + timeout);
            }
            selector.select(this::read, 1_000);
        }
        if (received > bytes) {
            throw new IOException(received + " bytes were received (expected: " + bytes + ")");
        }
        received = 0;
    }

    private void read(SelectionKey key) {
        try {
            buffer.clear();
            int count = ((SocketChannel) key.channel()).read(buffer);
            if (count < 0) {
                throw new IllegalStateException("the server has closed a connection");
            }
            received += count;
        } catch (IOException e) {
            throw new IllegalStateException("a connection is broken", e);
        }
    }

    @Override
    public void close() throws IOException {
        for (var each : channels) {
            each.close();
        }
        selector.close();
    }
}
