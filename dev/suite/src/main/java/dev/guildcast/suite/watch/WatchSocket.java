package dev.guildcast.suite.watch;

import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// One WebSocket, read payload by payload.
///
/// - **Owner:** the reading thread; the HTTP client's threads enqueue payloads.
/// - **Bound:** `HELD_MAX` payloads; a full queue stops reading from the socket, and so the sender.
final class WatchSocket implements WebSocket.Listener {
    /// Holds a burst; the reader prints faster than one user's events arrive.
    private static final int PAYLOADS_MAX = 256;
    private static final JsonMapper MAPPER = new JsonMapper();
    /// Marks the end of the socket in the queue.
    private static final String END = "";

    private final BlockingQueue<String> payloads = new ArrayBlockingQueue<>(PAYLOADS_MAX);
    private final StringBuilder partial = new StringBuilder();
    private @Nullable WebSocket socket;
    private boolean ended;
    private volatile int closeCode;
    private volatile String closeReason = "";

    WatchSocket open(WebSocket opened) {
        socket = opened;
        return this;
    }

    /// The next payload; null if none arrived in time or the socket has ended: see [#isClosed].
    @Nullable
    ObjectNode next(Duration atMost) throws InterruptedException {
        var text = ended ? END : payloads.poll(atMost.toMillis(), TimeUnit.MILLISECONDS);
        if (text == null) {
            return null;
        }
        if (text.equals(END)) {
            ended = true;
            return null;
        }
        return (ObjectNode) MAPPER.readTree(text);
    }

    boolean isClosed() {
        return ended;
    }

    int closeCode() {
        return closeCode;
    }

    String closeReason() {
        return closeReason;
    }

    void send(ObjectNode payload) {
        try {
            if (socket != null) {
                socket.sendText(payload.toString(), true).join();
            }
        } catch (CompletionException e) {
            // The reader learns of the end of the socket from the queue.
        }
    }

    void close(int code) {
        try {
            if (socket != null) {
                socket.sendClose(code, "").join();
            }
        } catch (CompletionException e) {
            // It is closed already.
        }
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        partial.append(data);
        if (last) {
            enqueue(partial.toString());
            partial.setLength(0);
        }
        from.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        closeCode = code;
        closeReason = reason;
        enqueue(END);
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable e) {
        closeReason = e.toString();
        enqueue(END);
    }

    private void enqueue(String text) {
        try {
            payloads.put(text);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
