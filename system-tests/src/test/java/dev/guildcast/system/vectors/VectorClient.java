package dev.guildcast.system.vectors;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One connection, as the examples write of it: frames come in order, and the next one is this or the test fails.
///
/// - **Owner:** the test's thread; frames are queued by the HTTP client's.
/// - **Bound:** the frames of one test.
final class VectorClient implements WebSocket.Listener, AutoCloseable {
    private static final Duration FRAME_MAX = Duration.ofSeconds(40);
    private static final Duration BEAT_EVERY = Duration.ofSeconds(25);
    private static final int ENDED = -1;

    private final String name;
    private final Notation notation = new Notation();
    private final BlockingQueue<JsonNode> frames = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final StringBuilder text = new StringBuilder();
    private final WebSocket socket;
    private long beatNanos = System.nanoTime();
    private boolean ended;

    /// Opens a connection and takes its HELLO.
    ///
    /// @param name of the connection, for whoever reads a failure
    VectorClient(HttpClient http, String gateway, String name) {
        this.name = name;
        this.socket = http.newWebSocketBuilder()
                .buildAsync(URI.create(gateway + "/?v=10&encoding=json"), this)
                .join();
        expect("""
                {"op":10,"d":{"heartbeat_interval":"$int"},"s":null,"t":null}""");
    }

    /// `C>`
    void send(String frame) {
        socket.sendText(frame, true).join();
    }

    /// Identifies.
    ///
    /// @param more keys beside `token` and `properties`, as they stand in the object
    void identify(String token, String more) {
        send("""
                {"op":2,"d":{"token":"%s","properties":{"os":"linux","browser":"x","device":"x"},%s}}""".formatted(token, more));
    }

    /// `S>`: the next frame.
    JsonNode expect(String pattern) {
        JsonNode frame = any(pattern);
        check(pattern, frame);
        return frame;
    }

    /// `S>` of frames whose order is free.
    void expectInAnyOrder(String... patterns) {
        var left = new ArrayList<>(List.of(patterns));
        while (!left.isEmpty()) {
            JsonNode frame = any(left.toString());
            int fits = 0;
            while (fits < left.size()
                    && notation.difference(left.get(fits), frame).isPresent()) {
                fits++;
            }
            if (fits == left.size()) {
                throw new AssertionError(name + ": expected one of " + left + ": " + frame);
            }
            left.remove(fits);
        }
    }

    /// `S*>` of a type, then `S>`.
    JsonNode expectAfterAny(String type, String pattern) {
        JsonNode frame = any(pattern);
        while (frame.path("t").asString("").equals(type)) {
            frame = any(pattern);
        }
        check(pattern, frame);
        return frame;
    }

    /// Takes frames until one fits: where an example begins in the middle.
    JsonNode skipTo(String pattern) {
        var skipped = new ArrayList<JsonNode>();
        for (JsonNode frame = next(FRAME_MAX); frame != null; frame = next(FRAME_MAX)) {
            if (notation.difference(pattern, frame).isEmpty()) {
                return frame;
            }
            skipped.add(frame);
        }
        throw new AssertionError(name + ": never came: " + pattern + ", but " + skipped);
    }

    /// `none n`
    void none(int seconds) {
        JsonNode frame = next(Duration.ofSeconds(seconds));
        if (frame != null) {
            throw new AssertionError(name + ": nothing was to come for " + seconds + " s: " + frame);
        }
    }

    String kept(String word) {
        return notation.kept(word);
    }

    /// `C!n`; returns when the other side has answered.
    void close(int code) {
        if (!ended) {
            ended = true;
            socket.sendClose(code, "").join();
            closed.completeOnTimeout(ENDED, FRAME_MAX.toSeconds(), TimeUnit.SECONDS)
                    .join();
        }
    }

    /// `C!tcp`
    void drop() {
        ended = true;
        socket.abort();
    }

    /// Ends the session, so that the next example finds its user offline.
    @Override
    public void close() {
        close(1000);
    }

    private JsonNode any(String expected) {
        JsonNode frame = next(FRAME_MAX);
        if (frame == null) {
            throw new AssertionError(name + ": nothing came (expected: " + expected + ")");
        }
        return frame;
    }

    private void check(String pattern, JsonNode frame) {
        notation.difference(pattern, frame).ifPresent(difference -> {
            throw new AssertionError(name + ": " + difference + " (expected: " + pattern + "): " + frame);
        });
    }

    /// The next frame that is no answer to a heartbeat.
    private @Nullable JsonNode next(Duration atMost) {
        long until = System.nanoTime() + atMost.toNanos();
        try {
            while (true) {
                if (System.nanoTime() - beatNanos > BEAT_EVERY.toNanos() && !ended) {
                    beatNanos = System.nanoTime();
                    send("{\"op\":1,\"d\":null}");
                }
                long left = Math.min(until - System.nanoTime(), TimeUnit.SECONDS.toNanos(1));
                JsonNode frame = frames.poll(Math.max(0, left), TimeUnit.NANOSECONDS);
                if (frame != null && frame.path("op").asInt() != 11) {
                    return frame;
                }
                if (frame == null && System.nanoTime() >= until) {
                    return null;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            frames.add(Notation.JSON.readTree(text.toString()));
            text.setLength(0);
        }
        webSocket.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
        frames.add(Notation.JSON.valueToTree(Map.of("op", ENDED, "closed", code)));
        closed.complete(code);
        return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable failure) {
        frames.add(Notation.JSON.valueToTree(Map.of("op", ENDED, "failed", String.valueOf(failure))));
        closed.complete(ENDED);
    }
}
