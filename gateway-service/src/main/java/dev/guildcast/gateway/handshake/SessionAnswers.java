package dev.guildcast.gateway.handshake;

import dev.guildcast.gateway.Connection;
import dev.guildcast.gateway.ConnectionState;
import dev.guildcast.gateway.GatewayMetrics;
import dev.guildcast.gateway.link.SessionEvents;
import dev.guildcast.gateway.link.SharedDispatch;
import dev.guildcast.gateway.protocol.CloseCode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// What a session's host says, put into the words of the client protocol.
///
/// - **Owner:** the connection's event loop.
final class SessionAnswers implements SessionEvents {
    private static final byte[] EMPTY_OBJECT = "{}".getBytes(StandardCharsets.UTF_8);

    /// A client that was sent away is closed when it has not gone by then.
    private static final Duration CLOSE_AFTER = Duration.ofSeconds(10);

    private final Connection connection;
    private final GatewayMetrics metrics;
    private final Runnable onLive;

    /// @param onLive called when READY or RESUMED has been sent
    SessionAnswers(Connection connection, GatewayMetrics metrics, Runnable onLive) {
        this.connection = connection;
        this.metrics = metrics;
        this.onLive = onLive;
    }

    @Override
    public void dispatch(SharedDispatch dispatch, int sequence) {
        connection.dispatch(dispatch, sequence);
    }

    @Override
    public void ready() {
        metrics.identify("ready");
        connection.live();
        onLive.run();
    }

    @Override
    public void resumed(int sequence) {
        metrics.resume("resumed");
        connection.dispatchUnnumbered("RESUMED", sequence, EMPTY_OBJECT);
        connection.live();
        onLive.run();
    }

    @Override
    public void invalid() {
        if (connection.isResuming() && connection.state() == ConnectionState.ATTACHING) {
            metrics.resume("invalid");
        }
        InvalidSession.send(connection);
    }

    @Override
    public void superseded() {
        connection.close(CloseCode.UNKNOWN_ERROR);
    }

    @Override
    public void refused(int closeCode) {
        if (connection.isResuming()) {
            metrics.resume("refused");
        } else {
            metrics.identify("refused");
        }
        connection.close(CloseCode.of(closeCode).orElse(CloseCode.UNKNOWN_ERROR));
    }

    @Override
    public void unanswered() {
        if (connection.isResuming()) {
            metrics.resume("unanswered");
            connection.close(CloseCode.UNKNOWN_ERROR);
        } else {
            metrics.identify("unanswered");
            InvalidSession.send(connection);
        }
    }

    @Override
    public void ownerMissing() {
        connection.askToReconnect();
        connection.loop().schedule(() -> connection.close(CloseCode.GOING_AWAY), CLOSE_AFTER);
    }
}
