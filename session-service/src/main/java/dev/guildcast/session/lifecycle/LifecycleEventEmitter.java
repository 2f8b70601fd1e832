package dev.guildcast.session.lifecycle;

import dev.guildcast.delivery.v1.SessionLifecycle;
import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.session.Session;
import dev.guildcast.session.shard.Applied;
import dev.guildcast.session.shard.SessionChange;
import dev.guildcast.session.shard.SessionShard;
import dev.guildcast.shard.OwnedShard;
import dev.guildcast.shard.RecordContext;
import dev.guildcast.shard.ShardListener;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// Publishes an event for every session that is opened or closed.
///
/// A follower buffers its events until it is live, as its predecessor may not have published the last ones.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** [#BUFFERED_MAX] events while not live; the oldest are dropped first.
/// - **Promise:** events of a session are in order; one may be published twice after a change of owner.
public final class LifecycleEventEmitter implements ShardListener<SessionRecord, Applied> {
    /// Covers what a failover of some seconds leaves unpublished, at about 2 MB.
    static final int BUFFERED_MAX = 16_384;

    private final SessionShard machine;
    private final LifecyclePublisher publisher;
    private final ArrayDeque<SessionLifecycle> buffered = new ArrayDeque<>();
    private @Nullable OwnedShard shard;

    public LifecycleEventEmitter(SessionShard machine, LifecyclePublisher publisher) {
        this.machine = machine;
        this.publisher = publisher;
    }

    @Override
    public void onStarted(OwnedShard started) {
        shard = started;
    }

    @Override
    public void onApplied(SessionRecord record, RecordContext at, Applied applied) {
        var session = applied.change().session();
        if (session == null) {
            return;
        }
        switch (applied.change()) {
            case SessionChange.Opened opened -> publish(event(SessionLifecycle.Kind.OPENED, session, at.offset()));
            case SessionChange.Closed closed -> publish(event(SessionLifecycle.Kind.CLOSED, session, at.offset()));
            case SessionChange.None none -> {}
            case SessionChange.AttachedTo attached -> {}
            case SessionChange.OfCommand command -> {}
        }
    }

    @Override
    public void onLive(boolean live) {
        while (live && !buffered.isEmpty()) {
            publisher.offer(machine.shard().index(), buffered.removeFirst());
        }
    }

    private void publish(SessionLifecycle event) {
        if (shard != null && shard.live() && buffered.isEmpty()) {
            publisher.offer(machine.shard().index(), event);
            return;
        }
        if (buffered.size() == BUFFERED_MAX) {
            buffered.removeFirst();
        }
        buffered.addLast(event);
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
