package dev.guildcast.gateway.handshake;

import com.google.protobuf.ByteString;
import dev.guildcast.delivery.v1.Open;
import dev.guildcast.gateway.codec.FrameCompressor;
import dev.guildcast.gateway.codec.PayloadCompressor;
import dev.guildcast.gateway.command.PresenceSanitizer;
import dev.guildcast.gateway.connection.Connection;
import dev.guildcast.gateway.connection.ConnectionMetrics;
import dev.guildcast.gateway.connection.ConnectionSessionListener;
import dev.guildcast.gateway.connection.InvalidSession;
import dev.guildcast.gateway.limit.IdentifyLimiter;
import dev.guildcast.gateway.limit.IdentifyProperties;
import dev.guildcast.gateway.link.SessionLink;
import dev.guildcast.gateway.protocol.CloseCode;
import dev.guildcast.gateway.protocol.Payload;
import dev.guildcast.gateway.token.Identity;
import dev.guildcast.gateway.token.TokenVerdict;
import dev.guildcast.gateway.token.TokenVerifier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Handles Identify (op 2): verifies the token, validates the fields, takes a session start from the limiter, and opens
/// the session at its host.
///
/// Stateless: one instance serves all connections, called on each connection's event loop.
final class IdentifyHandler {
    private static final Logger log = LoggerFactory.getLogger(IdentifyHandler.class);

    private final TokenVerifier tokenVerifier;
    private final IdentifyLimiter limiter;
    private final IdentifyProperties properties;
    private final SessionLink link;
    private final PresenceSanitizer presenceSanitizer;
    private final ConnectionMetrics metrics;
    private final int botFrameBytesMax;

    /// @param botFrameBytesMax longest Identify of a bot; those of users may be longer
    IdentifyHandler(
            TokenVerifier tokenVerifier,
            IdentifyLimiter limiter,
            IdentifyProperties properties,
            SessionLink link,
            PresenceSanitizer presenceSanitizer,
            ConnectionMetrics metrics,
            int botFrameBytesMax) {
        this.tokenVerifier = tokenVerifier;
        this.limiter = limiter;
        this.properties = properties;
        this.link = link;
        this.presenceSanitizer = presenceSanitizer;
        this.metrics = metrics;
        this.botFrameBytesMax = botFrameBytesMax;
    }

    /// @param onAttaching called when the request to the session's host is under way
    /// @param onLive called when READY has been sent
    void onIdentify(
            Connection connection, Payload.Identify identify, int frameBytes, Runnable onAttaching, Runnable onLive) {
        connection.beginAuthentication(false);
        connection
                .pendingAuthentication()
                .update(tokenVerifier
                        .verify(identify.token())
                        .subscribe(verdict -> onLoop(connection, () -> {
                            switch (verdict) {
                                case TokenVerdict.Unavailable u -> connection.close(CloseCode.UNKNOWN_ERROR);
                                case TokenVerdict.Rejected r -> reject(connection, CloseCode.AUTHENTICATION_FAILED);
                                case TokenVerdict.Verified verified ->
                                    onVerified(
                                            connection, identify, verified.identity(), frameBytes, onAttaching, onLive);
                            }
                        })));
    }

    private void onVerified(
            Connection connection,
            Payload.Identify identify,
            Identity identity,
            int frameBytes,
            Runnable onAttaching,
            Runnable onLive) {
        if (identity.bot() && frameBytes > botFrameBytesMax) {
            reject(connection, CloseCode.DECODE_ERROR);
            return;
        }
        switch (IdentifyValidator.validate(
                identify, identity, connection.parameters().version())) {
            case IdentifyValidator.InvalidIdentify invalid -> reject(connection, invalid.code());
            case IdentifyValidator.ValidIdentify valid -> {
                int bucket = valid.shard()
                        .map(it -> it.id() % properties.maxConcurrency())
                        .orElse(0);
                connection
                        .pendingAuthentication()
                        .update(limiter.tryStart(identity.userId(), bucket, identity.bot())
                                .subscribe(
                                        decision -> onLoop(
                                                connection,
                                                () -> onStartDecision(
                                                        connection,
                                                        decision,
                                                        identity,
                                                        () -> open(connection, identify, valid, identity, onLive),
                                                        onAttaching)),
                                        error -> onLoop(connection, () -> connection.close(CloseCode.UNKNOWN_ERROR))));
            }
        }
    }

    private void onStartDecision(
            Connection connection,
            IdentifyLimiter.StartDecision decision,
            Identity identity,
            Runnable open,
            Runnable onAttaching) {
        switch (decision) {
            case IdentifyLimiter.StartDecision.Granted g -> {
                open.run();
                onAttaching.run();
            }
            case IdentifyLimiter.StartDecision.BucketBusy busy -> {
                metrics.limited("identify_concurrency");
                metrics.identify("held");
                // Libraries answer op 9 with an immediate Identify, so op 9 is delayed until that one can succeed.
                connection.loop().schedule(() -> sendInvalidSession(connection), busy.retryAfter());
            }
            case IdentifyLimiter.StartDecision.Exhausted exhausted -> {
                metrics.limited("session_starts");
                log.warn(
                        "user {} has used all session starts of its window (gateway.identify.starts) and is closed with"
                                + " 4004; the window ends in {} min",
                        Long.toUnsignedString(identity.userId()),
                        exhausted.retryAfter().toMinutes());
                reject(connection, CloseCode.AUTHENTICATION_FAILED);
            }
        }
    }

    private static void sendInvalidSession(Connection connection) {
        if (!connection.isClosed()) {
            InvalidSession.send(connection);
        }
    }

    private void open(
            Connection connection,
            Payload.Identify identify,
            IdentifyValidator.ValidIdentify valid,
            Identity identity,
            Runnable onLive) {
        var parameters = connection.parameters();
        var platform = identity.bot() ? "web" : identify.platform();
        var open = Open.newBuilder()
                .setUserId(identity.userId())
                .setUser(ByteString.copyFrom(identity.user()))
                .setBot(identity.bot())
                .setApplicationId(identity.applicationId())
                .setApplicationFlags(identity.applicationFlags())
                .setIntents(valid.intents())
                .setContent(valid.content())
                .setVersion(parameters.version())
                .setEncoding(parameters.encoding())
                .setLargeThreshold(valid.largeThreshold())
                .setResumeUrl(parameters.resumeUrl())
                .setPresence(identify.presence()
                        .map(it -> presenceSanitizer.sanitize(it, platform))
                        .orElseGet(() -> presenceSanitizer.defaultPresence(platform)));
        valid.shard().ifPresent(it -> open.setShardId(it.id()).setShardCount(it.count()));
        if (!parameters.transportCompression()) {
            connection.compressWith(identify.compress() ? new PayloadCompressor() : FrameCompressor.NONE);
        }
        var listener = new ConnectionSessionListener(connection, metrics, onLive);
        connection.beginAttach(identity, link.identify(open, connection.loop(), listener), 0, platform);
    }

    private void reject(Connection connection, CloseCode code) {
        metrics.identify("refused");
        connection.close(code);
    }

    private static void onLoop(Connection connection, Runnable task) {
        connection.loop().execute(() -> {
            if (!connection.isClosed()) {
                task.run();
            }
        });
    }
}
