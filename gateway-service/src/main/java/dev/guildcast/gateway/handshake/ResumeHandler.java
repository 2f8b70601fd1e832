package dev.guildcast.gateway.handshake;

import dev.guildcast.contract.SessionId;
import dev.guildcast.contract.Topology;
import dev.guildcast.gateway.Connection;
import dev.guildcast.gateway.GatewayMetrics;
import dev.guildcast.gateway.link.SessionLink;
import dev.guildcast.gateway.protocol.CloseCode;
import dev.guildcast.gateway.protocol.Payload;
import dev.guildcast.gateway.token.Identity;
import dev.guildcast.gateway.token.TokenVerdict;
import dev.guildcast.gateway.token.TokenVerifier;

/// Op 6. A Resume is refused by op 9 alone: libraries answer close codes with another Resume.
///
/// Stateless: one for all connections, called on each one's loop.
final class ResumeHandler {
    private final TokenVerifier tokens;
    private final SessionLink link;
    private final Topology topology;
    private final GatewayMetrics metrics;

    ResumeHandler(TokenVerifier tokens, SessionLink link, Topology topology, GatewayMetrics metrics) {
        this.tokens = tokens;
        this.link = link;
        this.topology = topology;
        this.metrics = metrics;
    }

    void onResume(Connection connection, Payload.Resume resume, Runnable onAttaching, Runnable onLive) {
        connection.authenticating(true);
        var id = resume.sessionId().flatMap(SessionId::parse);
        long sequence = resume.sequence().orElse(0);
        if (id.isEmpty() || sequence <= 0) {
            refuse(connection);
            return;
        }
        // What no session can have reached is from the future, and the host says so.
        int last = (int) Math.min(sequence, Integer.MAX_VALUE);
        connection
                .work()
                .update(tokens.verify(resume.token())
                        .subscribe(verdict -> connection.loop().execute(() -> {
                            if (!connection.isClosed()) {
                                onVerdict(connection, verdict, id.get(), last, onAttaching, onLive);
                            }
                        })));
    }

    private void onVerdict(
            Connection connection,
            TokenVerdict verdict,
            SessionId id,
            int sequence,
            Runnable onAttaching,
            Runnable onLive) {
        switch (verdict) {
            case TokenVerdict.Unavailable u -> connection.close(CloseCode.UNKNOWN_ERROR);
            case TokenVerdict.Rejected r -> refuse(connection);
            case TokenVerdict.Verified verified -> {
                if (isPlausible(id, verified.identity())) {
                    attach(connection, verified.identity(), id, sequence, onLive);
                    onAttaching.run();
                } else {
                    refuse(connection);
                }
            }
        }
    }

    /// Another user's session may lie elsewhere, a made-up one anywhere; the host has the last word.
    private boolean isPlausible(SessionId id, Identity who) {
        return topology.sessionShard(who.userId()).index() == id.shard();
    }

    private void attach(Connection connection, Identity who, SessionId id, int sequence, Runnable onLive) {
        var answers = new SessionAnswers(connection, metrics, onLive);
        connection.attaching(who, link.resume(id, who.userId(), sequence, connection.loop(), answers), sequence, "");
    }

    private void refuse(Connection connection) {
        metrics.resume("invalid");
        InvalidSession.send(connection);
    }
}
