package dev.guildcast.gateway.handshake;

import dev.guildcast.contract.SessionId;
import dev.guildcast.contract.Topology;
import dev.guildcast.gateway.connection.Connection;
import dev.guildcast.gateway.connection.ConnectionMetrics;
import dev.guildcast.gateway.connection.ConnectionSessionListener;
import dev.guildcast.gateway.connection.UnknownErrorReason;
import dev.guildcast.gateway.link.SessionClient;
import dev.guildcast.gateway.protocol.Payload;
import dev.guildcast.gateway.token.Identity;
import dev.guildcast.gateway.token.TokenVerdict;
import dev.guildcast.gateway.token.TokenVerifier;

/// Handles Resume (op 6): verifies the token and attaches to the session at its host. A Resume is rejected with op 9
/// only, because libraries answer close codes with another Resume.
///
/// Stateless: one instance serves all connections, called on each connection's event loop.
final class ResumeHandler {
    private final TokenVerifier tokenVerifier;
    private final SessionClient sessionClient;
    private final Topology topology;
    private final ConnectionMetrics metrics;

    ResumeHandler(
            TokenVerifier tokenVerifier, SessionClient sessionClient, Topology topology, ConnectionMetrics metrics) {
        this.tokenVerifier = tokenVerifier;
        this.sessionClient = sessionClient;
        this.topology = topology;
        this.metrics = metrics;
    }

    /// @param onProgress called when the request to the session's host is under way, and when RESUMED has been sent
    void onResume(Connection connection, Payload.Resume resume, Runnable onProgress) {
        connection.beginAuthentication(true);
        var id = resume.sessionId().flatMap(SessionId::parse);
        long sequence = resume.sequence().orElse(0);
        if (id.isEmpty() || sequence <= 0) {
            reject(connection);
            return;
        }
        // No session reaches a sequence above this one; the host rejects it as a future sequence.
        int lastSequence = (int) Math.min(sequence, Integer.MAX_VALUE);
        connection
                .pendingAuthentication()
                .update(tokenVerifier
                        .verify(resume.token())
                        .subscribe(verdict -> connection.loop().execute(() -> {
                            if (!connection.isClosed()) {
                                onVerdict(connection, verdict, id.get(), lastSequence, onProgress);
                            }
                        })));
    }

    private void onVerdict(
            Connection connection, TokenVerdict verdict, SessionId id, int sequence, Runnable onProgress) {
        switch (verdict) {
            case TokenVerdict.Unavailable u -> connection.close(UnknownErrorReason.TOKEN_VERIFIER);
            case TokenVerdict.Rejected r -> reject(connection);
            case TokenVerdict.Verified verified -> {
                connection.onTokenVerified(verified.usableFor());
                if (isOnShardOf(id, verified.identity())) {
                    attach(connection, verified.identity(), id, sequence, onProgress);
                    onProgress.run();
                } else {
                    reject(connection);
                }
            }
        }
    }

    /// Rejects most ids of other users' sessions and made-up ones without asking a host; the host checks the user
    /// again.
    private boolean isOnShardOf(SessionId id, Identity identity) {
        return topology.sessionShard(identity.userId()).index() == id.shard();
    }

    private void attach(Connection connection, Identity identity, SessionId id, int sequence, Runnable onProgress) {
        var listener = new ConnectionSessionListener(connection, metrics, onProgress);
        var parameters = connection.parameters();
        var request = new SessionClient.ResumeRequest(
                id, identity.userId(), sequence, parameters.version(), parameters.encoding());
        connection.beginAttach(identity, sessionClient.resume(request, connection.loop(), listener), sequence, "");
    }

    private void reject(Connection connection) {
        metrics.resume("invalid");
        connection.invalidateSession();
    }
}
