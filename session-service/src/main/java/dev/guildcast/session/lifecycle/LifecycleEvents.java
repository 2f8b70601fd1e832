package dev.guildcast.session.lifecycle;

import dev.guildcast.delivery.v1.SessionLifecycle;
import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.session.Session;
import dev.guildcast.session.shard.SessionShard;
import dev.guildcast.shard.OwnedShard;
import dev.guildcast.shard.RecordContext;
import dev.guildcast.shard.ShardListener;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// Makes an event of every session that begins or ends.
///
/// A follower keeps what it applies until it is live: what its predecessor applied last may not have been published.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** [#KEPT_MAX] events while not live; the oldest are forgotten first.
/// - **Promise:** an event may come twice after a change of owner.
public final class LifecycleEvents implements ShardListener<SessionRecord> {
    static final int KEPT_MAX = 16_384;

    private final SessionShard machine;
    private final LifecyclePublisher publisher;
    private final ArrayDeque<SessionLifecycle> kept = new ArrayDeque<>();
    private @Nullable OwnedShard shard;

    public LifecycleEvents(SessionShard machine, LifecyclePublisher publisher) {
        this.machine = machine;
        this.publisher = publisher;
    }

    @Override
    public void onStarted(OwnedShard started) {
        shard = started;
    }

    @Override
    public void onApplied(SessionRecord record, RecordContext at) {
        var opened = machine.opened();
        var closed = machine.closed();
        if (opened != null) {
            publish(event(SessionLifecycle.Kind.OPENED, opened, at.offset()));
        }
        if (closed != null) {
            publish(event(SessionLifecycle.Kind.CLOSED, closed, at.offset()));
        }
    }

    @Override
    public void onLive(boolean live) {
        while (live && !kept.isEmpty()) {
            publisher.offer(machine.shard().index(), kept.removeFirst());
        }
    }

    private void publish(SessionLifecycle event) {
        if (shard != null && shard.live() && kept.isEmpty()) {
            publisher.offer(machine.shard().index(), event);
            return;
        }
        if (kept.size() == KEPT_MAX) {
            kept.removeFirst();
        }
        kept.addLast(event);
    }

    private static SessionLifecycle event(SessionLifecycle.Kind kind, Session session, long offset) {
        return SessionLifecycle.newBuilder()
                .setKind(kind)
                .setUserId(session.userId())
                .setSessionId(session.id().text())
                .setOffset(offset)
                .build();
    }
}
