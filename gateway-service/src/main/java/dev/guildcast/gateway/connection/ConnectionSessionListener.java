package dev.guildcast.gateway.connection;

import dev.guildcast.gateway.link.SessionListener;
import dev.guildcast.gateway.link.SharedDispatch;
import dev.guildcast.gateway.protocol.CloseCode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Translates the events of a session into frames of the client protocol and closes.
///
/// - **Owner:** the connection's event loop.
public final class ConnectionSessionListener implements SessionListener {
    private static final Logger log = LoggerFactory.getLogger(ConnectionSessionListener.class);
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
        connection.close(UnknownErrorReason.SUPERSEDED);
    }

    @Override
    public void onRefused(int closeCode) {
        if (connection.isResuming()) {
            metrics.resume("refused");
        } else {
            metrics.identify("refused");
        }
        var code = CloseCode.of(closeCode);
        if (code.isEmpty()) {
            log.debug(
                    "a session host has rejected a request with close code {}, which this gateway does not know; the"
                            + " client is closed with 4000",
                    closeCode);
            connection.close(UnknownErrorReason.UNKNOWN);
        } else if (code.get() == CloseCode.UNKNOWN_ERROR) {
            connection.close(UnknownErrorReason.SESSION_HOST);
        } else {
            connection.close(code.get());
        }
    }

    @Override
    public void onUnanswered() {
        if (connection.isResuming()) {
            metrics.resume("unanswered");
            connection.close(UnknownErrorReason.UNANSWERED);
        } else {
            metrics.identify("unanswered");
            connection.invalidateSession();
        }
    }

    @Override
    public void onFailed() {
        connection.close(UnknownErrorReason.FAILURE);
    }

    @Override
    public void onOwnerMissing() {
        connection.requestReconnect();
        connection.loop().schedule(() -> connection.close(CloseCode.GOING_AWAY), RECONNECT_GRACE);
    }
}
