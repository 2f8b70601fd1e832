package dev.guildcast.session.link;

import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.session.shard.SessionShard;
import dev.guildcast.shard.OwnedShard;
import dev.guildcast.shard.RecordContext;
import dev.guildcast.shard.ShardListener;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One incarnation of a session shard on this host, as gateways reach it.
///
/// - **Owner:** the shard's loop, but for [#offer], which may come from any thread.
/// - **Bound:** what waits for the loop is bounded by those who offer: each stream hands over a fixed number.
/// - **Promise:** what is offered runs on the loop, or is dropped and said to be so; never neither.
final class ShardLink implements ShardListener<SessionRecord> {
    private static final Logger LOG = LoggerFactory.getLogger(ShardLink.class);

    private final SessionShard machine;
    private final LinkParts parts;
    private final ShardLinks links;
    private final ConcurrentLinkedQueue<Offered> waiting = new ConcurrentLinkedQueue<>();
    private @Nullable Running starting;
    private volatile @Nullable Running running;
    private volatile int sessions;

    ShardLink(SessionShard machine, LinkParts parts, ShardLinks links) {
        this.machine = machine;
        this.parts = parts;
        this.links = links;
    }

    /// Hands `action` to the shard's loop. From any thread; never blocks.
    ///
    /// @param dropped called instead, from any thread, if the shard has stopped or the action failed
    void offer(Consumer<SessionDesk> action, Runnable dropped) {
        var offered = new Offered(action, dropped);
        waiting.add(offered);
        var now = running;
        if (now == null || !now.shard.execute(() -> runNext(now.desk))) {
            drop(offered);
        }
    }

    private void runNext(SessionDesk desk) {
        var next = waiting.poll();
        if (next == null) {
            return;
        }
        try {
            next.action.accept(desk);
        } catch (RuntimeException e) {
            next.dropped.run();
            throw e;
        }
    }

    private void drop(Offered offered) {
        if (waiting.remove(offered)) {
            offered.dropped.run();
        }
    }

    int index() {
        return machine.shard().index();
    }

    int sessions() {
        return sessions;
    }

    @Override
    public void onStarted(OwnedShard shard) {
        var guarded = new GuardedShard(shard, this::onFailure);
        starting = new Running(guarded, new SessionDesk(guarded, machine, parts));
    }

    @Override
    public void onApplied(SessionRecord record, RecordContext at) {
        onDesk(desk -> desk.onApplied(record, at));
    }

    @Override
    public void onLive(boolean live) {
        onDesk(desk -> desk.onLive(live));
    }

    @Override
    public void onTick(long nowNanos) {
        sessions = machine.sessions().size();
        onDesk(desk -> desk.onTick(nowNanos));
    }

    @Override
    public void onBatchEnd() {
        onDesk(SessionDesk::onBatchEnd);
    }

    @Override
    public void onStopped(String reason) {
        links.remove(this);
        onDesk(SessionDesk::leave);
        starting = null;
        running = null;
        for (var offered = waiting.poll(); offered != null; offered = waiting.poll()) {
            offered.dropped.run();
        }
    }

    private void onDesk(Consumer<SessionDesk> action) {
        var now = starting;
        if (now == null) {
            return;
        }
        if (running == null) {
            // Restored: from here on an end is always told.
            running = now;
            links.add(this);
        }
        now.shard.run(() -> action.accept(now.desk));
    }

    // A bug of ours. Its connections come again to a desk that holds nothing.
    private void onFailure(RuntimeException failure) {
        LOG.error("{}: the gateways of this shard must attach again", machine.shard(), failure);
        var now = starting;
        if (now != null) {
            now.desk.leave();
        }
    }

    private record Running(GuardedShard shard, SessionDesk desk) {}

    // Told apart by identity: two equal offers are two.
    private static final class Offered {
        private final Consumer<SessionDesk> action;
        private final Runnable dropped;

        Offered(Consumer<SessionDesk> action, Runnable dropped) {
            this.action = action;
            this.dropped = dropped;
        }
    }
}
