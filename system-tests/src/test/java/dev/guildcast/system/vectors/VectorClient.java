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

/// One connection in the notation of the examples: the next frame matches the pattern, or the test fails.
///
/// - **Owner:** the test's thread; the HTTP client's threads queue the frames.
/// - **Bound:** the frames of one test.
final class VectorClient implements WebSocket.Listener, AutoCloseable {
    private static final Duration FRAME_TIMEOUT = Duration.ofSeconds(40);
    private static final Duration HEARTBEAT_INTERVAL = Duration.ofSeconds(25);
    private static final int ENDED = -1;

    private final String name;
    private final FramePattern framePattern = new FramePattern();
    private final BlockingQueue<JsonNode> frames = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final StringBuilder text = new StringBuilder();
    private final WebSocket socket;
    private long heartbeatNanos = System.nanoTime();
    private boolean ended;

    /// Opens a connection and consumes its HELLO.
    ///
    /// @param name of the connection, for failure messages
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
    /// @param more JSON members of the object in addition to `token` and `properties`
    void identify(String token, String more) {
        send("""
                {"op":2,"d":{"token":"%s","properties":{"os":"linux","browser":"x","device":"x"},%s}}""".formatted(token, more));
    }

    /// `S>`: the next frame.
    JsonNode expect(String pattern) {
        JsonNode frame = nextFrame(pattern);
        check(pattern, frame);
        return frame;
    }

    /// `S>` of frames in any order.
    void expectInAnyOrder(String... patterns) {
        var remaining = new ArrayList<>(List.of(patterns));
        while (!remaining.isEmpty()) {
            JsonNode frame = nextFrame(remaining.toString());
            int fits = 0;
            while (fits < remaining.size()
                    && framePattern.difference(remaining.get(fits), frame).isPresent()) {
                fits++;
            }
            if (fits == remaining.size()) {
                throw new AssertionError(name + ": expected one of " + remaining + ": " + frame);
            }
            remaining.remove(fits);
        }
    }

    /// `S*>` of a type, then `S>`.
    JsonNode expectAfterAny(String type, String pattern) {
        JsonNode frame = nextFrame(pattern);
        while (frame.path("t").asString("").equals(type)) {
            frame = nextFrame(pattern);
        }
        check(pattern, frame);
        return frame;
    }

    /// Skips frames until one matches, for examples that begin in the middle.
    JsonNode skipTo(String pattern) {
        var skipped = new ArrayList<JsonNode>();
        for (JsonNode frame = pollFrame(FRAME_TIMEOUT); frame != null; frame = pollFrame(FRAME_TIMEOUT)) {
            if (framePattern.difference(pattern, frame).isEmpty()) {
                return frame;
            }
            skipped.add(frame);
        }
        throw new AssertionError(name + ": never received: " + pattern + ", but " + skipped);
    }

    /// `none n`
    void expectNothing(int seconds) {
        JsonNode frame = pollFrame(Duration.ofSeconds(seconds));
        if (frame != null) {
            throw new AssertionError(name + ": expected no frame for " + seconds + " s: " + frame);
        }
    }

    String captured(String name) {
        return framePattern.captured(name);
    }

    /// `C!n`; returns when the gateway has closed, too.
    void close(int code) {
        if (!ended) {
            ended = true;
            socket.sendClose(code, "").join();
            closed.completeOnTimeout(ENDED, FRAME_TIMEOUT.toSeconds(), TimeUnit.SECONDS)
                    .join();
        }
    }

    /// `C!tcp`
    void drop() {
        ended = true;
        socket.abort();
    }

    /// Ends the session, so that its user is offline in the next example.
    @Override
    public void close() {
        close(1000);
    }

    private JsonNode nextFrame(String expected) {
        JsonNode frame = pollFrame(FRAME_TIMEOUT);
        if (frame == null) {
            throw new AssertionError(name + ": received nothing (expected: " + expected + ")");
        }
        return frame;
    }

    private void check(String pattern, JsonNode frame) {
        framePattern.difference(pattern, frame).ifPresent(difference -> {
            throw new AssertionError(name + ": " + difference + " (expected: " + pattern + "): " + frame);
        });
    }

    /// The next frame other than a heartbeat acknowledgement.
    private @Nullable JsonNode pollFrame(Duration atMost) {
        long until = System.nanoTime() + atMost.toNanos();
        try {
            while (true) {
                if (System.nanoTime() - heartbeatNanos > HEARTBEAT_INTERVAL.toNanos() && !ended) {
                    heartbeatNanos = System.nanoTime();
                    send("{\"op\":1,\"d\":null}");
                }
                long remaining = Math.min(until - System.nanoTime(), TimeUnit.SECONDS.toNanos(1));
                JsonNode frame = frames.poll(Math.max(0, remaining), TimeUnit.NANOSECONDS);
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
            frames.add(FramePattern.JSON.readTree(text.toString()));
            text.setLength(0);
        }
        webSocket.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
        frames.add(FramePattern.JSON.valueToTree(Map.of("op", ENDED, "closed", code)));
        closed.complete(code);
        return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable failure) {
        frames.add(FramePattern.JSON.valueToTree(Map.of("op", ENDED, "failed", String.valueOf(failure))));
        closed.complete(ENDED);
    }
}
