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

/// Clients that tell when a message came, all on one thread, so that they take little of the machine that is measured.
///
/// - **Owner:** one thread of its own reads and writes; the caller's thread connects. [#close] ends both.
/// - **Bound:** one read buffer for all, of the longest frame and one read; a connection keeps less than one frame.
/// - **Promise:** each message is told once, with the time at which it was due, and counted after that.
final class LoadClients implements AutoCloseable {
    private static final int READ_BYTES = 64 << 10;
    private static final Duration GUILD_WITHIN = Duration.ofSeconds(60);
    private static final Duration LOOK_AT_BEATS = Duration.ofSeconds(1);
    private static final Duration END_WITHIN = Duration.ofSeconds(10);

    private final LongConsumer onDue;
    private final Selector selector;
    private final List<LoadClient> clients = new CopyOnWriteArrayList<>();
    private final AtomicLong received = new AtomicLong();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(ServerFrames.FRAME_BYTES_MAX + READ_BYTES);
    private final Thread thread;
    private volatile boolean ending;

    /// @param onDue hears the due time of each message, at once, on the thread of all clients
    LoadClients(LongConsumer onDue) throws IOException {
        this.onDue = onDue;
        selector = Selector.open();
        thread = Thread.ofPlatform().name("load-clients").start(this::serve);
    }

    /// Connects one more client and waits until it has been shown its guild.
    ///
    /// @param gateway as `ws://host:port`
    void add(URI gateway, String token) throws IOException, InterruptedException {
        var client = LoadClient.connect(gateway, token, this::told);
        clients.add(client);
        client.register(selector);
        selector.wakeup();
        if (!client.awaitGuild(GUILD_WITHIN)) {
            String end = client.end();
            throw new IllegalStateException(token + " was not shown its guild" + (end == null ? "" : ": " + end));
        }
    }

    /// Messages that came, to all clients together.
    long received() {
        return received.get();
    }

    /// Why the first connection that ended did so, with its token; null while all stand.
    @Nullable
    String end() {
        for (var client : clients) {
            String end = client.end();
            if (end != null) {
                return client.token() + ": " + end;
            }
        }
        return null;
    }

    private void told(long dueNanos) {
        onDue.accept(dueNanos);
        received.incrementAndGet();
    }

    private void serve() {
        Consumer<SelectionKey> read = this::read;
        long looked = System.nanoTime();
        try {
            while (!ending) {
                selector.select(read, LOOK_AT_BEATS.toMillis());
                long now = System.nanoTime();
                if (now - looked >= LOOK_AT_BEATS.toNanos()) {
                    looked = now;
                    clients.forEach(client -> beat(client, now));
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

    private void beat(LoadClient client, long now) {
        try {
            client.beat(now);
        } catch (IOException e) {
            client.fail("heartbeat: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        ending = true;
        selector.wakeup();
        try {
            thread.join(END_WITHIN);
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
