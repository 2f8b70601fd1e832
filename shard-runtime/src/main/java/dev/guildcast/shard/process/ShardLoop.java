package dev.guildcast.shard.process;

import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.OwnedShard;
import dev.guildcast.shard.ShardCounters;
import dev.guildcast.shard.ShardDefinition;
import dev.guildcast.shard.ShardSettings;
import dev.guildcast.shard.ShardStatus;
import dev.guildcast.shard.storage.EphemeralReader;
import dev.guildcast.shard.storage.ShardStorage;
import dev.guildcast.shard.storage.ShardStorage.LogLostException;
import dev.guildcast.shard.v1.Role;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The thread of one incarnation: restores, then alternates between submitted tasks and records of the log.
///
/// - **Owner:** itself; everything of the shard runs on this thread.
/// - **Bound:** the log is read ahead by the storage's bound; the callers of [#execute] bound the tasks they submit.
/// - **Promise:** ends soon after [#release], and reports the reason to its node.
public final class ShardLoop<R> implements OwnedShard {
    private static final Logger log = LoggerFactory.getLogger(ShardLoop.class);
    /// Tasks or records handled in one turn: enough to spread the cost of a turn, and few enough that neither kind
    /// delays the other for long.
    private static final int BATCH_MAX = 512;
    /// Period of timers, 50 ms: an eighth of the period of log end fetches, which it must not delay noticeably.
    private static final long TICK_NANOS = 50_000_000;

    private final IncarnationId incarnation;
    private final ShardId id;
    private final ShardDefinition<R, ?> definition;
    private final ShardStorage storage;
    private final ShardSettings settings;
    private final ShardCounters counters;
    private final Listener listener;
    private final Queue<Runnable> mailbox = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean signalled = new AtomicBoolean();
    private final Thread thread;

    private volatile ShardStatus status;
    private volatile boolean ended;
    private volatile long requestedEpoch = -1;
    private volatile boolean released;
    private volatile @Nullable ShardProcess<R> process;
    private long submittedEpoch = -1;
    private long cpuNanosReported;

    public ShardLoop(
            IncarnationId incarnation,
            ShardDefinition<R, ?> definition,
            ShardStorage storage,
            ShardSettings settings,
            ShardCounters counters,
            Listener listener) {
        this.incarnation = incarnation;
        this.id = incarnation.shard();
        this.definition = definition;
        this.storage = storage;
        this.settings = settings;
        this.counters = counters;
        this.listener = listener;
        this.status = ShardStatus.restoring(id);
        this.thread = Thread.ofPlatform().name("shard-" + id).unstarted(this::run);
    }

    /// Called on the shard's loop.
    public interface Listener {
        /// The role, or whether the log is read to its end, has changed.
        void onRoleChange();

        /// The incarnation has ended; its thread does nothing after this call.
        void onEnd(ShardLoop<?> loop);
    }

    public void start() {
        thread.start();
    }

    /// Claims under `epoch` (0: the next), after the restore if one is under way. From any thread.
    public void claim(long epoch) {
        requestedEpoch = epoch;
        execute(this::submitClaim);
    }

    private void submitClaim() {
        var running = process;
        long epoch = requestedEpoch;
        if (running != null && epoch != submittedEpoch) {
            submittedEpoch = epoch;
            running.requestClaim(epoch);
        }
    }

    /// Ends the incarnation. From any thread.
    public void release(String reason) {
        released = true;
        execute(() -> {
            var running = process;
            if (running != null) {
                running.stop(reason);
            }
        });
        if (process == null) {
            thread.interrupt();
        }
    }

    /// Waits for the thread to end.
    ///
    /// @return whether it ended in time
    public boolean join(java.time.Duration timeout) throws InterruptedException {
        return thread.join(timeout);
    }

    /// The status that the shard's thread published last. From any thread.
    public ShardStatus status() {
        return status;
    }

    // ---- OwnedShard: on the loop, except for execute and id

    @Override
    public ShardId id() {
        return id;
    }

    @Override
    public boolean live() {
        var running = process;
        return running != null && running.live();
    }

    @Override
    public long nonce() {
        return incarnation.nonce();
    }

    @Override
    public long position() {
        var running = process;
        return running == null ? 0 : running.position();
    }

    @Override
    public boolean append(byte[] record) {
        var running = process;
        return running != null && running.append(record);
    }

    @Override
    public void afterReadBarrier(Runnable action) {
        var running = process;
        if (running != null) {
            running.afterReadBarrier(action);
        }
    }

    @Override
    public boolean execute(Runnable action) {
        if (ended) {
            return false;
        }
        mailbox.add(action);
        signal();
        return true;
    }

    private void signal() {
        if (signalled.compareAndSet(false, true)) {
            LockSupport.unpark(thread);
        }
    }

    // ---- the thread

    private void run() {
        String reason = "released";
        try {
            reason = runIncarnation();
        } catch (InterruptedException e) {
            reason = "released";
        } catch (LogLostException e) {
            reason = "log lost: " + e.getMessage();
            log.error(
                    "the log of {} cannot be read: {}; the shard stops here and restarts from its newest checkpoint",
                    id,
                    e.getMessage());
        } catch (RuntimeException e) {
            if (!released) {
                reason = "failed: " + e;
                log.error("{} failed by a bug; it stops here and restarts from its newest checkpoint", id, e);
            }
        } finally {
            ended = true;
            var running = process;
            if (running != null) {
                running.stop(reason);
            }
            status = status.stopped(running == null || running.stopReason() == null ? reason : running.stopReason());
            listener.onEnd(this);
        }
    }

    private String runIncarnation() throws InterruptedException, LogLostException {
        // The process must exist before the checkpoint is restored into it, but its ports can be opened only
        // afterwards, at the restored position.
        var lateBoundPorts = new LateBoundPorts();
        var shard = new ShardProcess<>(incarnation, definition, lateBoundPorts.ports(), settings, counters);
        definition.listener().onStarted(this);
        long from = storage.restore(id, shard::onEntity);
        if (released) {
            return "released";
        }
        try (var opened = storage.open(id, from, definition.ephemeralLane(), this::execute)) {
            lateBoundPorts.open(opened);
            shard.onRestored(from);
            process = shard;
            submitClaim();
            if (released) {
                shard.stop("released");
            }
            opened.log().onArrival(this::signal);
            opened.ephemeral().onArrival(this::signal);
            runLoop(shard, opened);
        }
        return "released";
    }

    private void runLoop(ShardProcess<R> shard, ShardStorage.Incarnation opened) throws LogLostException {
        long nextTick = System.nanoTime();
        while (shard.role() != Role.STOPPED) {
            signalled.set(false);
            boolean worked = runMailbox();
            worked |= applyDurable(shard, opened.log());
            if (!worked) {
                worked = applyEphemeral(shard, opened.ephemeral());
            }
            long now = System.nanoTime();
            if (now - nextTick >= 0) {
                shard.onTick();
                counters.onEphemeralSkipped(opened.ephemeral().takeSkipped());
                nextTick = now + TICK_NANOS;
                publishStatus(shard);
            }
            if (!worked && !signalled.get()) {
                LockSupport.parkNanos(this, Math.max(1, nextTick - System.nanoTime()));
            }
        }
        runMailbox();
    }

    private boolean runMailbox() {
        int done = 0;
        for (Runnable action; done < BATCH_MAX && (action = mailbox.poll()) != null; done++) {
            action.run();
        }
        return done > 0;
    }

    private static boolean applyDurable(ShardProcess<?> shard, ShardStorage.LogReader reader) throws LogLostException {
        int done = 0;
        while (done < BATCH_MAX && shard.acceptsRecords()) {
            var entry = reader.poll();
            if (entry == null) {
                break;
            }
            shard.onRecord(entry.offset(), entry.timestampMillis(), entry.record());
            done++;
        }
        if (done > 0) {
            shard.onBatchEnd();
        }
        return done > 0;
    }

    private static boolean applyEphemeral(ShardProcess<?> shard, EphemeralReader reader) {
        int done = 0;
        while (done < BATCH_MAX && shard.live()) {
            var entry = reader.poll();
            if (entry == null) {
                break;
            }
            shard.onEphemeral(entry.offset(), entry.timestampMillis(), entry.record());
            done++;
        }
        return done > 0;
    }

    private void publishStatus(ShardProcess<R> shard) {
        long cpuNanos = ShardStatus.threadCpuNanos();
        long spentNanos = cpuNanos - cpuNanosReported;
        cpuNanosReported = cpuNanos;
        var before = status;
        status = new ShardStatus(
                id,
                shard.role(),
                shard.epoch(),
                shard.position(),
                shard.lagMillis(System.currentTimeMillis()),
                shard.live(),
                before.cpuMicros() + spentNanos / 1_000,
                shard.checkpointAgeNanos() / 1_000_000,
                shard.outboxSize(),
                shard.stopReason());
        // Placement waits for these changes: a new role, and a log read to its end.
        if (before.role() != status.role()
                || before.live() != status.live()
                || before.lagMillis() > 0 && status.lagMillis() == 0) {
            listener.onRoleChange();
        }
    }
}
