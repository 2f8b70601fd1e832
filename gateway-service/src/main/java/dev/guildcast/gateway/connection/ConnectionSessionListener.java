package dev.guildcast.gateway.connection;

import dev.guildcast.gateway.link.SessionListener;
import dev.guildcast.gateway.link.SharedDispatch;
import dev.guildcast.gateway.protocol.CloseCode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// Translates the events of a session into frames of the client protocol and closes.
///
/// - **Owner:** the connection's event loop.
public final class ConnectionSessionListener implements SessionListener {
    private static final byte[] EMPTY_OBJECT = "{}".getBytes(StandardCharsets.UTF_8);

    /// How long a client may take to follow an op 7 before it is closed; the same as the default of a drain.
    private static final Duration RECONNECT_GRACE = Duration.ofSeconds(10);

    private final Connection connection;
    private final ConnectionMetrics metrics;
    private final Runnable onLive;

    /// @param onLive called when READY or RESUMED has been sent
    public ConnectionSessionListener(Connection connection, ConnectionMetrics metrics, Runnable onLive) {
        this.connection = connection;
        this.metrics = metrics;
        this.onLive = onLive;
    }

    @Override
    public void onDispatch(SharedDispatch dispatch, int sequence) {
        connection.dispatch(dispatch, sequence);
    }

    @Override
    public void onReady() {
        metrics.identify("ready");
        connection.markLive();
        onLive.run();
    }

    @Override
    public void onResumed(int sequence) {
        metrics.resume("resumed");
        connection.dispatchUnsequenced("RESUMED", sequence, EMPTY_OBJECT);
        connection.markLive();
        onLive.run();
    }

    @Override
    public void onInvalid() {
        if (connection.isResuming() && connection.state() == ConnectionState.ATTACHING) {
            metrics.resume("invalid");
        }
        connection.invalidateSession();
    }

    @Override
    public void onSuperseded() {
        connection.close(CloseCode.UNKNOWN_ERROR);
    }

    @Override
    public void onRefused(int closeCode) {
        if (connection.isResuming()) {
            metrics.resume("refused");
        } else {
            metrics.identify("refused");
        }
        connection.close(CloseCode.of(closeCode).orElse(CloseCode.UNKNOWN_ERROR));
    }

    @Override
    public void onUnanswered() {
        if (connection.isResuming()) {
            metrics.resume("unanswered");
            connection.close(CloseCode.UNKNOWN_ERROR);
        } else {
            metrics.identify("unanswered");
            connection.invalidateSession();
        }
    }

    @Override
    public void onOwnerMissing() {
        connection.requestReconnect();
        connection.loop().schedule(() -> connection.close(CloseCode.GOING_AWAY), RECONNECT_GRACE);
    }
}
