package dev.guildcast.shard.stream;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.guildcast.delivery.v1.SessionLifecycle;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Consumes `session.lifecycle` and passes on the sessions that were closed. A session that only lost its gateway or
/// its host is not closed.
///
/// Runs on the binder's thread. The offset is committed once the handler has returned; if it throws, the binder
/// retries.
public final class ClosedSessionConsumer implements Consumer<byte[]> {
    private static final Logger log = LoggerFactory.getLogger(ClosedSessionConsumer.class);

    private final Consumer<SessionLifecycle> handler;

    /// @param handler receives each closed session at least once
    public ClosedSessionConsumer(Consumer<SessionLifecycle> handler) {
        this.handler = handler;
    }

    @Override
    public void accept(byte[] record) {
        SessionLifecycle lifecycle;
        try {
            lifecycle = SessionLifecycle.parseFrom(record);
        } catch (InvalidProtocolBufferException e) {
            log.warn(
                    "skipped a record of session.lifecycle of {} bytes that cannot be parsed: {}; if it ended a session, its"
                            + " user stays online until a timeout",
                    record.length,
                    e.getMessage());
            return;
        }
        if (lifecycle.getKind() == SessionLifecycle.Kind.CLOSED) {
            handler.accept(lifecycle);
        }
    }
}
