package dev.guildcast.benchmark.suite;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// A client that identifies, answers heartbeats late enough for a short run, and tells when a message came.
///
/// - **Owner:** the HTTP client's threads, one callback at a time.
/// - **Promise:** each message is told once, with the time at which it was due.
final class ClientSocket implements WebSocket.Listener {
    private static final String DUE = "\"content\":\"due=";
    private static final long INTENTS = 1 | 1 << 9 | 1 << 15;

    private final String token;
    private final LongConsumer onDue;
    private final StringBuilder partial = new StringBuilder();
    private final CountDownLatch guild = new CountDownLatch(1);
    private final AtomicLong received = new AtomicLong();
    private volatile @Nullable String end;

    private ClientSocket(String token, LongConsumer onDue) {
        this.token = token;
        this.onDue = onDue;
    }

    /// Connects and waits until the client has been shown its guild.
    ///
    /// @param onDue hears the due time of each message, at once
    static ClientSocket open(HttpClient http, URI gateway, String token, LongConsumer onDue)
            throws InterruptedException {
        var client = new ClientSocket(token, onDue);
        WebSocket socket = http.newWebSocketBuilder()
                .buildAsync(URI.create(gateway + "/?v=10&encoding=json"), client)
                .join();
        if (!client.guild.await(Duration.ofSeconds(60).toMillis(), TimeUnit.MILLISECONDS)) {
            socket.abort();
            throw new IllegalStateException(token + " was not shown its guild");
        }
        Thread.ofVirtual().start(() -> client.beat(socket));
        return client;
    }

    /// Messages that came.
    long received() {
        return received.get();
    }

    /// Why the connection ended; null while it stands.
    @Nullable
    String end() {
        return end;
    }

    private void beat(WebSocket socket) {
        try {
            while (end == null) {
                TimeUnit.SECONDS.sleep(20);
                socket.sendText("{\"op\":1,\"d\":null}", true).join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            end = "heartbeat: " + e.getMessage();
        }
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
        partial.append(data);
        if (last) {
            payload(socket, partial.toString());
            partial.setLength(0);
        }
        socket.request(1);
        return null;
    }

    private void payload(WebSocket socket, String text) {
        int at = text.indexOf(DUE);
        if (at >= 0) {
            int from = at + DUE.length();
            onDue.accept(Long.parseLong(text, from, text.indexOf(';', from), 10));
            received.incrementAndGet();
        } else if (text.contains("\"heartbeat_interval\"")) {
            socket.sendText(
                    "{\"op\":2,\"d\":{\"token\":\"%s\",\"intents\":%d,\"properties\":{\"os\":\"\",\"browser\":\"\",\"device\":\"\"}}}"
                            .formatted(token, INTENTS),
                    true);
        } else if (text.contains("\"GUILD_CREATE\"")) {
            guild.countDown();
        }
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
        end = "closed with " + code;
        return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
        end = String.valueOf(error.getMessage());
    }
}
