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
/// - **Owner:** the reading thread; the HTTP client's threads put payloads in.
/// - **Bound:** `HELD_MAX` payloads; a full queue stops the reading of the socket, and so the sender.
final class WatchedSocket implements WebSocket.Listener {
    private static final int HELD_MAX = 256;
    private static final JsonMapper MAPPER = new JsonMapper();
    /// Stands for the end of the socket.
    private static final String END = "";

    private final BlockingQueue<String> held = new ArrayBlockingQueue<>(HELD_MAX);
    private final StringBuilder partial = new StringBuilder();
    private @Nullable WebSocket socket;
    private boolean ended;
    private volatile int closeCode;
    private volatile String closeReason = "";

    WatchedSocket open(WebSocket opened) {
        socket = opened;
        return this;
    }

    /// The next payload, null if none came in time or the socket is at its end: see [#isClosed].
    @Nullable
    ObjectNode next(Duration atMost) throws InterruptedException {
        var text = ended ? END : held.poll(atMost.toMillis(), TimeUnit.MILLISECONDS);
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
            // The end of the socket is on its way to the reader.
        }
    }

    void close(int code) {
        try {
            if (socket != null) {
                socket.sendClose(code, "").join();
            }
        } catch (CompletionException e) {
            // It is closed.
        }
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        partial.append(data);
        if (last) {
            put(partial.toString());
            partial.setLength(0);
        }
        from.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        closeCode = code;
        closeReason = reason;
        put(END);
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable e) {
        closeReason = e.toString();
        put(END);
    }

    private void put(String text) {
        try {
            held.put(text);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
