package dev.guildcast.voice.signaling;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.guildcast.delivery.v1.SessionLifecycle;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Consumes `session.lifecycle`: a closed session leaves voice. A session that only lost its gateway or its host is not
/// closed.
///
/// Runs on the binder's own thread, which blocks until the guild's log has acknowledged. Only then is the offset
/// committed; after a failure the binder retries.
final class SessionLifecycleConsumer implements Consumer<byte[]> {
    /// For one record; above the producer's delivery timeout of 10 s, so that a slow append ends by itself.
    private static final Duration PROCESSING_TIMEOUT = Duration.ofSeconds(30);
    private static final Logger log = LoggerFactory.getLogger(SessionLifecycleConsumer.class);

    private final VoiceSignaling signaling;

    SessionLifecycleConsumer(VoiceSignaling signaling) {
        this.signaling = signaling;
    }

    @Override
    public void accept(byte[] record) {
        SessionLifecycle lifecycle;
        try {
            lifecycle = SessionLifecycle.parseFrom(record);
        } catch (InvalidProtocolBufferException e) {
            log.warn("skipped a malformed record of session.lifecycle: {}", e.getMessage());
            return;
        }
        if (lifecycle.getKind() == SessionLifecycle.Kind.CLOSED) {
            signaling
                    .onSessionClosed(lifecycle.getUserId(), lifecycle.getSessionId())
                    .block(PROCESSING_TIMEOUT);
        }
    }
}
