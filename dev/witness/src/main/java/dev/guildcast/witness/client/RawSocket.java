package dev.guildcast.witness.client;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// One WebSocket connection as whole JSON texts, one callback at a time.
///
/// - **Owner:** its callbacks run one after the other on the HTTP client's threads; [#send] and the closes may be
///   called from any thread.
/// - **Bound:** one message at a time is requested from the network.
/// - **Promise:** the end is reported once.
final class RawSocket implements WebSocket.Listener {
    /// Callbacks of the socket.
    interface SocketListener {
        /// Before any text.
        void onOpen(RawSocket socket);

        void onText(String json);

        void onEnd(int code, boolean byClient);
    }

    private final SocketListener listener;
    private final @Nullable ZlibStream zlib;
    private final StringBuilder text = new StringBuilder();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile @Nullable WebSocket socket;
    private CompletableFuture<?> sent = CompletableFuture.completedFuture(null);

    private RawSocket(boolean zlib, SocketListener listener) {
        this.listener = listener;
        this.zlib = zlib ? new ZlibStream() : null;
    }

    /// @return completes when the connection is open, with an exception if it cannot be
    static CompletableFuture<?> open(HttpClient http, URI url, boolean zlib, SocketListener listener) {
        return http.newWebSocketBuilder()
                .connectTimeout(Duration.ofSeconds(5))
                .buildAsync(url, new RawSocket(zlib, listener));
    }

    /// Sends after all earlier frames. A failure is reported as the end of the connection.
    synchronized void send(String json) {
        WebSocket open = socket;
        if (open != null) {
            sent = sent.handle((done, failure) -> null).thenCompose(done -> open.sendText(json, true));
        }
    }

    /// Closes with a code and does not wait for the peer's close frame.
    void close(int code) {
        WebSocket open = socket;
        if (open != null) {
            open.sendClose(code, "").whenComplete((done, failure) -> notifyEnd(code, true));
        }
    }

    /// Drops the connection without a close frame.
    void abort() {
        WebSocket open = socket;
        if (open != null) {
            open.abort();
        }
        notifyEnd(1006, true);
    }

    @Override
    public void onOpen(WebSocket webSocket) {
        socket = webSocket;
        listener.onOpen(this);
        webSocket.request(1);
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            String whole = text.toString();
            text.setLength(0);
            listener.onText(whole);
        }
        webSocket.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
        byte[] part = new byte[data.remaining()];
        data.get(part);
        bytes.writeBytes(part);
        if (last) {
            String whole = zlib == null ? bytes.toString(StandardCharsets.UTF_8) : zlib.inflate(bytes.toByteArray());
            bytes.reset();
            if (whole != null) {
                listener.onText(whole);
            }
        }
        webSocket.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
        notifyEnd(statusCode, false);
        return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        notifyEnd(1006, false);
    }

    private void notifyEnd(int code, boolean byClient) {
        if (ended.compareAndSet(false, true)) {
            if (zlib != null) {
                zlib.close();
            }
            listener.onEnd(code, byClient);
        }
    }
}
