package dev.guildcast.voice.signaling;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.guildcast.delivery.v1.SessionLifecycle;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads `session.lifecycle`: a session that was closed leaves voice. One that only lost its gateway or its host was
/// not closed.
///
/// Called by the binder's own thread, which waits until the guild's log has it: a record counts as read only then, and
/// is tried again when it could not be done.
final class LifecycleInlet implements Consumer<byte[]> {
    private static final Duration WAIT = Duration.ofSeconds(30);
    private static final Logger LOG = LoggerFactory.getLogger(LifecycleInlet.class);

    private final VoiceSignaling signaling;

    LifecycleInlet(VoiceSignaling signaling) {
        this.signaling = signaling;
    }

    @Override
    public void accept(byte[] record) {
        SessionLifecycle lifecycle;
        try {
            lifecycle = SessionLifecycle.parseFrom(record);
        } catch (InvalidProtocolBufferException e) {
            LOG.warn("a record of session.lifecycle is none: {}", e.getMessage());
            return;
        }
        if (lifecycle.getKind() == SessionLifecycle.Kind.CLOSED) {
            signaling.closed(lifecycle.getUserId(), lifecycle.getSessionId()).block(WAIT);
        }
    }
}
