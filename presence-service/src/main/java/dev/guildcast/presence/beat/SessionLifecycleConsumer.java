package dev.guildcast.presence.beat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.guildcast.contract.SessionId;
import dev.guildcast.delivery.v1.SessionLifecycle;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Consumes `session.lifecycle`: a closed session no longer counts for the presence, whether or not its host reports
/// the end.
///
/// Runs on the binder's thread, which only hands the record to the presence loop. Every instance reads the whole topic,
/// from its end at start.
final class SessionLifecycleConsumer implements Consumer<byte[]> {
    /// The numeric id of a session is its shard shifted by this, plus the offset of its Open record.
    private static final int SHARD_SHIFT = 48;
    private static final Logger log = LoggerFactory.getLogger(SessionLifecycleConsumer.class);

    private final PresenceTracker tracker;

    SessionLifecycleConsumer(PresenceTracker tracker) {
        this.tracker = tracker;
    }

    @Override
    public void accept(byte[] record) {
        try {
            var lifecycle = SessionLifecycle.parseFrom(record);
            if (lifecycle.getKind() == SessionLifecycle.Kind.CLOSED) {
                SessionId.parse(lifecycle.getSessionId())
                        .ifPresent(id -> tracker.offerSessionClosed(
                                lifecycle.getUserId(),
                                ((long) id.shard() << SHARD_SHIFT) | id.offset(),
                                lifecycle.getOffset()));
            }
        } catch (InvalidProtocolBufferException e) {
            log.warn("skipped a malformed record of session.lifecycle: {}", e.getMessage());
        }
    }
}
