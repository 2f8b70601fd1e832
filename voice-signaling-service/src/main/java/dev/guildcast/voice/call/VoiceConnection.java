package dev.guildcast.voice.call;

import dev.guildcast.voice.protocol.VoiceCloseCode;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One connection of a client to the voice gateway.
///
/// - **Owner:** the voice loop.
/// - **Bound:** frames a minute.
public final class VoiceConnection {
    private static final long MINUTE_NANOS = Duration.ofMinutes(1).toNanos();

    private final VoiceSocket socket;
    private final int version;
    private final int framesPerMinute;
    private final VoiceGatewayMetrics metrics;
    private @Nullable VoiceSession session;
    private boolean identifying;
    private boolean closed;
    private long openedNanos;
    private long beatNanos;
    private long windowNanos;
    private int windowFrames;

    /// @param version of the protocol, from the query
    VoiceConnection(VoiceSocket socket, int version, int framesPerMinute, VoiceGatewayMetrics metrics) {
        this.socket = socket;
        this.version = version;
        this.framesPerMinute = framesPerMinute;
        this.metrics = metrics;
    }

    VoiceSocket socket() {
        return socket;
    }

    int version() {
        return version;
    }

    void onOpened(long nowNanos) {
        openedNanos = nowNanos;
        beatNanos = nowNanos;
        windowNanos = nowNanos;
    }

    /// @return whether it may send one more
    boolean onFrame(long nowNanos) {
        if (nowNanos - windowNanos >= MINUTE_NANOS) {
            windowNanos = nowNanos;
            windowFrames = 0;
        }
        return ++windowFrames <= framesPerMinute;
    }

    void onBeat(long nowNanos) {
        beatNanos = nowNanos;
    }

    long openedNanos() {
        return openedNanos;
    }

    long beatNanos() {
        return beatNanos;
    }

    Optional<VoiceSession> session() {
        return Optional.ofNullable(session);
    }

    void setSession(@Nullable VoiceSession session) {
        this.session = session;
    }

    /// Whether Identify or Resume came already.
    boolean isIdentifying() {
        return identifying;
    }

    void setIdentifying() {
        identifying = true;
    }

    boolean isClosed() {
        return closed;
    }

    /// Without effect on a closed one.
    void close(VoiceCloseCode code) {
        if (!closed) {
            closed = true;
            metrics.onClosed(code);
            socket.close(code);
        }
    }

    void onClosed() {
        closed = true;
    }
}
