package dev.guildcast.gateway.handshake;

import com.google.protobuf.ByteString;
import dev.guildcast.delivery.v1.Open;
import dev.guildcast.gateway.Connection;
import dev.guildcast.gateway.GatewayMetrics;
import dev.guildcast.gateway.codec.FrameCompressor;
import dev.guildcast.gateway.codec.PayloadCompressor;
import dev.guildcast.gateway.command.PresenceCleaner;
import dev.guildcast.gateway.link.SessionLink;
import dev.guildcast.gateway.protocol.CloseCode;
import dev.guildcast.gateway.protocol.Payload;
import dev.guildcast.gateway.token.Identity;
import dev.guildcast.gateway.token.TokenVerdict;
import dev.guildcast.gateway.token.TokenVerifier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Op 2: token, then rules, then limits, then the session's host.
///
/// Stateless: one for all connections, called on each one's loop.
final class IdentifyHandler {
    private static final Logger log = LoggerFactory.getLogger(IdentifyHandler.class);

    private final TokenVerifier tokens;
    private final IdentifyLimiter limiter;
    private final IdentifyProperties properties;
    private final SessionLink link;
    private final PresenceCleaner presences;
    private final GatewayMetrics metrics;
    private final int botFrameBytesMax;

    /// @param botFrameBytesMax an Identify may be longer than this only for a user
    IdentifyHandler(
            TokenVerifier tokens,
            IdentifyLimiter limiter,
            IdentifyProperties properties,
            SessionLink link,
            PresenceCleaner presences,
            GatewayMetrics metrics,
            int botFrameBytesMax) {
        this.tokens = tokens;
        this.limiter = limiter;
        this.properties = properties;
        this.link = link;
        this.presences = presences;
        this.metrics = metrics;
        this.botFrameBytesMax = botFrameBytesMax;
    }

    /// @param onAttaching called when the session's host is being asked
    /// @param onLive called when READY has been sent
    void onIdentify(
            Connection connection, Payload.Identify identify, int frameBytes, Runnable onAttaching, Runnable onLive) {
        connection.authenticating(false);
        connection
                .work()
                .update(tokens.verify(identify.token())
                        .subscribe(verdict -> onLoop(connection, () -> {
                            switch (verdict) {
                                case TokenVerdict.Unavailable u -> connection.close(CloseCode.UNKNOWN_ERROR);
                                case TokenVerdict.Rejected r -> refuse(connection, CloseCode.AUTHENTICATION_FAILED);
                                case TokenVerdict.Verified verified ->
                                    onVerified(
                                            connection, identify, verified.identity(), frameBytes, onAttaching, onLive);
                            }
                        })));
    }

    private void onVerified(
            Connection connection,
            Payload.Identify identify,
            Identity who,
            int frameBytes,
            Runnable onAttaching,
            Runnable onLive) {
        if (who.bot() && frameBytes > botFrameBytesMax) {
            refuse(connection, CloseCode.DECODE_ERROR);
            return;
        }
        switch (IdentifyRules.check(identify, who, connection.terms().version())) {
            case IdentifyRules.Refused refused -> refuse(connection, refused.code());
            case IdentifyRules.Accepted accepted -> {
                int bucket = accepted.shard()
                        .map(it -> it.id() % properties.maxConcurrency())
                        .orElse(0);
                connection
                        .work()
                        .update(limiter.tryStart(who.userId(), bucket, who.bot())
                                .subscribe(
                                        verdict -> onLoop(
                                                connection,
                                                () -> onLimit(
                                                        connection,
                                                        verdict,
                                                        who,
                                                        () -> open(connection, identify, accepted, who, onLive),
                                                        onAttaching)),
                                        error -> onLoop(connection, () -> connection.close(CloseCode.UNKNOWN_ERROR))));
            }
        }
    }

    private void onLimit(
            Connection connection, IdentifyLimiter.Verdict verdict, Identity who, Runnable open, Runnable onAttaching) {
        switch (verdict) {
            case IdentifyLimiter.Verdict.Granted g -> {
                open.run();
                onAttaching.run();
            }
            case IdentifyLimiter.Verdict.Wait busy -> {
                metrics.limited("identify_concurrency");
                metrics.identify("held");
                // A library answers op 9 with an immediate Identify: it hears of it when that one can succeed.
                connection.loop().schedule(() -> invalidate(connection), busy.time());
            }
            case IdentifyLimiter.Verdict.Exhausted exhausted -> {
                metrics.limited("session_starts");
                log.warn(
                        "user {} has no session start left for {} min",
                        Long.toUnsignedString(who.userId()),
                        exhausted.time().toMinutes());
                refuse(connection, CloseCode.AUTHENTICATION_FAILED);
            }
        }
    }

    private static void invalidate(Connection connection) {
        if (!connection.isClosed()) {
            InvalidSession.send(connection);
        }
    }

    private void open(
            Connection connection,
            Payload.Identify identify,
            IdentifyRules.Accepted accepted,
            Identity who,
            Runnable onLive) {
        var terms = connection.terms();
        var client = who.bot() ? "web" : identify.client();
        var open = Open.newBuilder()
                .setUserId(who.userId())
                .setUser(ByteString.copyFrom(who.user()))
                .setBot(who.bot())
                .setApplicationId(who.applicationId())
                .setApplicationFlags(who.applicationFlags())
                .setIntents(accepted.intents())
                .setContent(accepted.content())
                .setVersion(terms.version())
                .setEncoding(terms.encoding())
                .setLargeThreshold(accepted.largeThreshold())
                .setResumeUrl(terms.resumeUrl())
                .setPresence(identify.presence()
                        .map(it -> presences.clean(it, client))
                        .orElseGet(() -> presences.online(client)));
        accepted.shard().ifPresent(it -> open.setShardId(it.id()).setShardCount(it.count()));
        if (!terms.transportCompression()) {
            connection.compressWith(identify.compress() ? new PayloadCompressor() : FrameCompressor.NONE);
        }
        var answers = new SessionAnswers(connection, metrics, onLive);
        connection.attaching(who, link.identify(open, connection.loop(), answers), 0, client);
    }

    private void refuse(Connection connection, CloseCode code) {
        metrics.identify("refused");
        connection.close(code);
    }

    private static void onLoop(Connection connection, Runnable what) {
        connection.loop().execute(() -> {
            if (!connection.isClosed()) {
                what.run();
            }
        });
    }
}
