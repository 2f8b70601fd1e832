package dev.guildcast.presence.beat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.guildcast.contract.SessionId;
import dev.guildcast.delivery.v1.SessionLifecycle;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads `session.lifecycle`: a session that was closed shows nothing any more, whether or not its host says so.
///
/// Called by the binder's thread; hands over and returns. Every instance reads all of it, from its end.
final class LifecycleInlet implements Consumer<byte[]> {
    private static final int SHARD_SHIFT = 48;
    private static final Logger LOG = LoggerFactory.getLogger(LifecycleInlet.class);

    private final Presences presences;

    LifecycleInlet(Presences presences) {
        this.presences = presences;
    }

    @Override
    public void accept(byte[] record) {
        try {
            var lifecycle = SessionLifecycle.parseFrom(record);
            if (lifecycle.getKind() == SessionLifecycle.Kind.CLOSED) {
                SessionId.parse(lifecycle.getSessionId())
                        .ifPresent(id -> presences.offerClosed(
                                lifecycle.getUserId(),
                                ((long) id.shard() << SHARD_SHIFT) | id.offset(),
                                lifecycle.getOffset()));
            }
        } catch (InvalidProtocolBufferException e) {
            LOG.warn("a record of session.lifecycle is none: {}", e.getMessage());
        }
    }
}
