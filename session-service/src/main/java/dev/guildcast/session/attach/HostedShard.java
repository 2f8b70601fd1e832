package dev.guildcast.session.attach;

import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.session.shard.Applied;
import dev.guildcast.session.shard.SessionShard;
import dev.guildcast.shard.OwnedShard;
import dev.guildcast.shard.RecordContext;
import dev.guildcast.shard.ShardListener;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One incarnation of a session shard on this host, which gateways reach through it.
///
/// - **Owner:** the shard's loop, but for [#offer], which may come from any thread.
/// - **Bound:** [#PENDING_BYTES_MAX] of requests wait for the loop. What [#offer] takes beside them is bounded by its
///   callers.
/// - **Promise:** an offered action runs on the loop, or its `dropped` callback is called; never neither.
public final class HostedShard implements ShardListener<SessionRecord, Applied> {
    private static final Logger log = LoggerFactory.getLogger(HostedShard.class);

    /// Serialized requests of all gateways that wait while the loop is busy: about 40 000 attaches, all that the
    /// gateways of a large installation send at once for one shard after a failover. In memory they take four times
    /// as much.
    static final long PENDING_BYTES_MAX = 4 * 1024 * 1024;

    private final SessionShard machine;
    private final FrontendContext context;
    private final HostedShardRegistry registry;
    private final ConcurrentLinkedQueue<OfferedAction> offeredActions = new ConcurrentLinkedQueue<>();
    private final AtomicLong pendingBytes = new AtomicLong();
    private @Nullable RunningFrontend incarnation;
    private volatile @Nullable RunningFrontend reachable;
    private volatile int sessions;

    HostedShard(SessionShard machine, FrontendContext context, HostedShardRegistry registry) {
        this.machine = machine;
        this.context = context;
        this.registry = registry;
    }

    /// Runs `action` on the shard's loop. From any thread; never blocks.
    ///
    /// @param onDropped called instead, from any thread, if the shard has stopped or the action failed
    public void offer(Consumer<ShardFrontend> action, Runnable onDropped) {
        add(new OfferedAction(action, onDropped, 0));
    }

    /// As [#offer], for a request of this many bytes, unless too many bytes wait already. One of no bytes always has
    /// room.
    ///
    /// @return false if so: then neither the action runs nor `onDropped`
    public boolean tryOffer(int bytes, Consumer<ShardFrontend> action, Runnable onDropped) {
        if (bytes > 0 && pendingBytes.get() >= PENDING_BYTES_MAX) {
            return false;
        }
        pendingBytes.addAndGet(bytes);
        add(new OfferedAction(action, onDropped, bytes));
        return true;
    }

    /// Bytes of requests that wait for the loop.
    long pendingBytes() {
        return pendingBytes.get();
    }

    private void add(OfferedAction pending) {
        offeredActions.add(pending);
        var current = reachable;
        if (current == null || !current.shard.execute(() -> runNext(current.frontend))) {
            dropPending(pending);
        }
    }

    private void runNext(ShardFrontend frontend) {
        var next = offeredActions.poll();
        if (next == null) {
            return;
        }
        pendingBytes.addAndGet(-next.bytes);
        try {
            next.action.accept(frontend);
        } catch (RuntimeException e) {
            next.onDropped.run();
            throw e;
        }
    }

    private void dropPending(OfferedAction pending) {
        if (offeredActions.remove(pending)) {
            pendingBytes.addAndGet(-pending.bytes);
            pending.onDropped.run();
        }
    }

    public int index() {
        return machine.shard().index();
    }

    int sessions() {
        return sessions;
    }

    @Override
    public void onStarted(OwnedShard shard) {
        var guarded = new GuardedShard(shard, this::onFailure);
        incarnation = new RunningFrontend(guarded, new ShardFrontend(guarded, machine, context));
    }

    @Override
    public void onApplied(SessionRecord record, RecordContext at, Applied applied) {
        onFrontend(frontend -> frontend.onApplied(record, at, applied));
    }

    @Override
    public void onLive(boolean live) {
        onFrontend(frontend -> frontend.onLive(live));
    }

    @Override
    public void onTick(long nowNanos) {
        sessions = machine.sessions().size();
        onFrontend(frontend -> frontend.onTick(nowNanos));
    }

    @Override
    public void onBatchEnd() {
        onFrontend(ShardFrontend::onBatchEnd);
    }

    @Override
    public void onStopped(String reason) {
        registry.remove(this);
        onFrontend(ShardFrontend::evictConnections);
        incarnation = null;
        reachable = null;
        for (var pending = offeredActions.poll(); pending != null; pending = offeredActions.poll()) {
            pendingBytes.addAndGet(-pending.bytes);
            pending.onDropped.run();
        }
    }

    private void onFrontend(Consumer<ShardFrontend> action) {
        var current = incarnation;
        if (current == null) {
            return;
        }
        if (reachable == null) {
            // The first callback after the restore: from here on, onStopped is always called.
            reachable = current;
            registry.add(this);
        }
        current.shard.run(() -> action.accept(current.frontend));
    }

    // A bug: all connections of this shard are moved away, and attach again to an empty table.
    private void onFailure(RuntimeException failure) {
        log.error(
                "{}: a bug stopped the handling of a message; all connections of this shard attach again",
                machine.shard(),
                failure);
        var current = incarnation;
        if (current != null) {
            current.frontend.evictConnections();
        }
    }

    private record RunningFrontend(GuardedShard shard, ShardFrontend frontend) {}

    // A class, not a record: two equal actions are distinguished by identity.
    private static final class OfferedAction {
        private final Consumer<ShardFrontend> action;
        private final Runnable onDropped;
        private final int bytes;

        OfferedAction(Consumer<ShardFrontend> action, Runnable onDropped, int bytes) {
            this.action = action;
            this.onDropped = onDropped;
            this.bytes = bytes;
        }
    }
}
