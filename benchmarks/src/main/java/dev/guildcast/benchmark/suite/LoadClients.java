package dev.guildcast.benchmark.suite;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// Clients that report when a message arrived, all on one thread, so that they use little of the measured machine.
///
/// - **Owner:** one thread of its own reads and writes; the caller's thread connects. [#close] ends all of them.
/// - **Bound:** one read buffer for all, of the longest frame and one read; a connection keeps less than one frame.
/// - **Promise:** each message is reported once, with the time at which it was due, and counted after that.
final class LoadClients implements AutoCloseable {
    /// The kernel's usual socket buffer: one read empties it.
    private static final int READ_BYTES = 64 << 10;
    /// Includes the identify and the first GUILD_CREATE of a cold suite.
    private static final Duration GUILD_TIMEOUT = Duration.ofSeconds(60);
    /// Fine enough for heartbeats that are due every 20 s.
    private static final Duration HEARTBEAT_CHECK_INTERVAL = Duration.ofSeconds(1);
    /// The thread leaves its loop within one selection.
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

    private final LongConsumer onDue;
    private final Selector selector;
    private final List<LoadClient> clients = new CopyOnWriteArrayList<>();
    private final AtomicLong received = new AtomicLong();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(ServerFrames.FRAME_BYTES_MAX + READ_BYTES);
    private final Thread thread;
    private volatile boolean stopping;

    /// @param onDue receives the due time of each message, on the thread of all clients
    LoadClients(LongConsumer onDue) throws IOException {
        this.onDue = onDue;
        selector = Selector.open();
        thread = Thread.ofPlatform().name("load-clients").start(this::runSelector);
    }

    /// Connects another client and waits until it has received its guild.
    ///
    /// @param gateway as `ws://host:port`
    void add(URI gateway, String token) throws IOException, InterruptedException {
        var client = LoadClient.connect(gateway, token, this::onMessage);
        clients.add(client);
        client.register(selector);
        selector.wakeup();
        if (!client.awaitGuild(GUILD_TIMEOUT)) {
            String endReason = client.endReason();
            throw new IllegalStateException(
                    token + " did not receive its guild" + (endReason == null ? "" : ": " + endReason));
        }
    }

    /// The number of messages received by all clients together.
    long received() {
        return received.get();
    }

    /// The token and reason of the first connection that ended; null while all are open.
    @Nullable
    String firstEndReason() {
        for (var client : clients) {
            String endReason = client.endReason();
            if (endReason != null) {
                return client.token() + ": " + endReason;
            }
        }
        return null;
    }

    private void onMessage(long dueNanos) {
        onDue.accept(dueNanos);
        received.incrementAndGet();
    }

    private void runSelector() {
        Consumer<SelectionKey> read = this::read;
        long checkedNanos = System.nanoTime();
        try {
            while (!stopping) {
                selector.select(read, HEARTBEAT_CHECK_INTERVAL.toMillis());
                long now = System.nanoTime();
                if (now - checkedNanos >= HEARTBEAT_CHECK_INTERVAL.toNanos()) {
                    checkedNanos = now;
                    clients.forEach(client -> sendHeartbeatIfDue(client, now));
                }
            }
        } catch (IOException e) {
            clients.forEach(client -> client.fail("select: " + e));
        }
    }

    private void read(SelectionKey key) {
        var client = (LoadClient) key.attachment();
        try {
            client.read(buffer);
        } catch (IOException | RuntimeException e) {
            client.fail(String.valueOf(e.getMessage()));
        }
    }

    private void sendHeartbeatIfDue(LoadClient client, long now) {
        try {
            client.sendHeartbeatIfDue(now);
        } catch (IOException e) {
            client.fail("heartbeat: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        stopping = true;
        selector.wakeup();
        try {
            thread.join(STOP_TIMEOUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        clients.forEach(LoadClient::close);
        try {
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close the clients' selector", e);
        }
    }
}
