package dev.guildcast.gateway.handshake;

import com.google.protobuf.ByteString;
import dev.guildcast.contract.ClientShard;
import dev.guildcast.delivery.v1.Open;
import dev.guildcast.gateway.codec.FrameCompressor;
import dev.guildcast.gateway.codec.PayloadCompressor;
import dev.guildcast.gateway.command.PresenceSanitizer;
import dev.guildcast.gateway.connection.Connection;
import dev.guildcast.gateway.connection.ConnectionMetrics;
import dev.guildcast.gateway.connection.ConnectionSessionListener;
import dev.guildcast.gateway.connection.UnknownErrorReason;
import dev.guildcast.gateway.limit.IdentifyLimiter;
import dev.guildcast.gateway.limit.IdentifyProperties;
import dev.guildcast.gateway.link.SessionClient;
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
    private final SessionClient sessionClient;
    private final PresenceSanitizer presenceSanitizer;
    private final ConnectionMetrics metrics;

    IdentifyHandler(
            TokenVerifier tokenVerifier,
            IdentifyLimiter limiter,
            IdentifyProperties properties,
            SessionClient sessionClient,
            PresenceSanitizer presenceSanitizer,
            ConnectionMetrics metrics) {
        this.tokenVerifier = tokenVerifier;
        this.limiter = limiter;
        this.properties = properties;
        this.sessionClient = sessionClient;
        this.presenceSanitizer = presenceSanitizer;
        this.metrics = metrics;
    }

    /// @param tooLongForBots whether the frame is longer than a bot may send; only the token tells whether it is one
    /// @param onProgress called when the request to the session's host is under way, and when READY has been sent
    void onIdentify(Connection connection, Payload.Identify identify, boolean tooLongForBots, Runnable onProgress) {
        connection.beginAuthentication(false);
        connection
                .pendingAuthentication()
                .update(tokenVerifier
                        .verify(identify.token())
                        .subscribe(verdict -> onLoop(connection, () -> {
                            switch (verdict) {
                                case TokenVerdict.Unavailable u -> connection.close(UnknownErrorReason.TOKEN_VERIFIER);
                                case TokenVerdict.Rejected r -> reject(connection, CloseCode.AUTHENTICATION_FAILED);
                                case TokenVerdict.Verified verified ->
                                    onVerified(connection, identify, verified, tooLongForBots, onProgress);
                            }
                        })));
    }

    private void onVerified(
            Connection connection,
            Payload.Identify identify,
            TokenVerdict.Verified verified,
            boolean tooLongForBots,
            Runnable onProgress) {
        var identity = verified.identity();
        connection.onTokenVerified(verified.usableFor());
        if (identity.bot() && tooLongForBots) {
            reject(connection, CloseCode.DECODE_ERROR);
            return;
        }
        switch (IdentifyValidator.validate(
                identify, identity, connection.parameters().version())) {
            case IdentifyValidator.InvalidIdentify invalid -> reject(connection, invalid.code());
            case IdentifyValidator.ValidIdentify valid -> {
                int shards = valid.shard().map(ClientShard::count).orElse(1);
                if (identity.bot() && !properties.allowsShards(identity.userId(), shards)) {
                    reject(connection, CloseCode.INVALID_SHARD);
                    return;
                }
                int bucket = valid.shard()
                        .map(it -> it.id() % properties.maxConcurrency())
                        .orElse(0);
                connection
                        .pendingAuthentication()
                        .update(limiter.tryStart(identity.userId(), bucket, identity.bot())
                                .subscribe(
                                        decision -> onLoop(
                                                connection,
                                                () -> onStartDecision(connection, decision, identity, () -> {
                                                    open(connection, identify, valid, identity, onProgress);
                                                    onProgress.run();
                                                })),
                                        error -> onLoop(
                                                connection,
                                                () -> connection.close(UnknownErrorReason.IDENTIFY_LIMITER))));
            }
        }
    }

    private void onStartDecision(
            Connection connection, IdentifyLimiter.StartDecision decision, Identity identity, Runnable open) {
        switch (decision) {
            case IdentifyLimiter.StartDecision.Granted g -> open.run();
            case IdentifyLimiter.StartDecision.BucketBusy busy -> {
                metrics.limited("identify_concurrency");
                metrics.identify("held");
                // Libraries answer op 9 with an immediate Identify, so op 9 is delayed until that one can succeed.
                connection.loop().schedule(connection::invalidateSession, busy.retryAfter());
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

    private void open(
            Connection connection,
            Payload.Identify identify,
            IdentifyValidator.ValidIdentify valid,
            Identity identity,
            Runnable onProgress) {
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
        var listener = new ConnectionSessionListener(connection, metrics, onProgress);
        connection.beginAttach(identity, sessionClient.identify(open, connection.loop(), listener), 0, platform);
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
