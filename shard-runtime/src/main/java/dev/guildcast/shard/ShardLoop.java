package dev.guildcast.shard;

import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.ShardStorage.LogLostException;
import dev.guildcast.shard.v1.Role;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The thread of one incarnation: restores, then alternates between what others ask and what the log says.
///
/// - **Owner:** itself; everything of the shard runs on this thread.
/// - **Bound:** the log is read ahead by the storage's bound; what is handed in by [#execute] is bounded by those who
///   hand in.
/// - **Promise:** ends within a moment of being told to, and tells its node why.
final class ShardLoop<R> implements OwnedShard {
    private static final Logger log = LoggerFactory.getLogger(ShardLoop.class);
    private static final int BATCH = 512;
    private static final long TICK_NANOS = 50_000_000;

    private final ShardId id;
    private final long nonce = ThreadLocalRandom.current().nextLong();
    private final String node;
    private final ShardDefinition<R> definition;
    private final ShardStorage storage;
    private final ShardSettings settings;
    private final ShardCounters counters;
    private final Runnable onRole;
    private final Runnable onEnd;
    private final Queue<Runnable> mailbox = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean signalled = new AtomicBoolean();
    private final Thread thread;

    private volatile ShardStatus status;
    private volatile boolean ended;
    private volatile long claimWanted = -1;
    private volatile boolean released;
    private volatile @Nullable ShardProcess<R> process;
    private long claimGiven = -1;
    private long cpuNanosReported;

    ShardLoop(
            ShardId id,
            String node,
            ShardDefinition<R> definition,
            ShardStorage storage,
            ShardSettings settings,
            ShardCounters counters,
            Runnable onRole,
            Runnable onEnd) {
        this.id = id;
        this.node = node;
        this.definition = definition;
        this.storage = storage;
        this.settings = settings;
        this.counters = counters;
        this.onRole = onRole;
        this.onEnd = onEnd;
        this.status = ShardStatus.restoring(id);
        this.thread = Thread.ofPlatform().name("shard-" + id).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /// Claims under `epoch` (0: the next), restoring first where needed. From any thread.
    void claim(long epoch) {
        claimWanted = epoch;
        execute(this::giveClaim);
    }

    private void giveClaim() {
        var running = process;
        long wanted = claimWanted;
        if (running != null && wanted != claimGiven) {
            claimGiven = wanted;
            running.onClaimWanted(wanted);
        }
    }

    /// Ends the incarnation. From any thread.
    void release(String reason) {
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

    /// Waits for the thread's end, at most this long.
    boolean join(java.time.Duration atMost) throws InterruptedException {
        return thread.join(atMost);
    }

    /// What the shard's thread last said of itself. From any thread.
    ShardStatus status() {
        return status;
    }

    // ---- OwnedShard, on the loop but for execute and id

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
        return nonce;
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
    public void afterLogEnd(Runnable action) {
        var running = process;
        if (running != null) {
            running.afterLogEnd(action);
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
            log.error("{} cannot be read on: {}", id, e.getMessage());
        } catch (RuntimeException e) {
            if (!released) {
                reason = "failed: " + e;
                log.error("{} failed", id, e);
            }
        } finally {
            ended = true;
            var running = process;
            if (running != null) {
                running.stop(reason);
            }
            status = status.stopped(running == null || running.stopReason() == null ? reason : running.stopReason());
            onEnd.run();
        }
    }

    private String runIncarnation() throws InterruptedException, LogLostException {
        // The process must exist before the checkpoint is read into it, and its ports only after: they need the
        // position. So entities go through a definition that is complete from the start.
        var late = new LatePorts();
        var shard = new ShardProcess<>(id, nonce, node, definition, late.ports(), settings, counters);
        definition.listener().onStarted(this);
        long from = storage.restore(id, shard::onEntity);
        if (released) {
            return "released";
        }
        try (var incarnation = storage.open(id, from, definition.ephemeralLane(), this::execute)) {
            late.open(incarnation);
            shard.onRestored(from);
            process = shard;
            giveClaim();
            if (released) {
                shard.stop("released");
            }
            incarnation.log().onArrival(this::signal);
            incarnation.ephemeral().onArrival(this::signal);
            turn(shard, incarnation);
        }
        return "released";
    }

    private void turn(ShardProcess<R> shard, ShardStorage.Incarnation incarnation) throws LogLostException {
        long nextTick = System.nanoTime();
        while (shard.role() != Role.STOPPED) {
            signalled.set(false);
            boolean worked = runMailbox();
            worked |= applyDurable(shard, incarnation.log());
            if (!worked) {
                worked = applyEphemeral(shard, incarnation.ephemeral());
            }
            long now = System.nanoTime();
            if (now - nextTick >= 0) {
                shard.onTick();
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
        for (Runnable action; done < BATCH && (action = mailbox.poll()) != null; done++) {
            action.run();
        }
        return done > 0;
    }

    private static boolean applyDurable(ShardProcess<?> shard, ShardStorage.LogReader reader) throws LogLostException {
        int done = 0;
        while (done < BATCH && shard.wantsRecords()) {
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

    private static boolean applyEphemeral(ShardProcess<?> shard, ShardStorage.LogReader reader)
            throws LogLostException {
        int done = 0;
        while (done < BATCH && shard.live()) {
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
        long cpu = ShardStatus.threadCpuNanos();
        long spent = cpu - cpuNanosReported;
        cpuNanosReported = cpu;
        var before = status;
        status = new ShardStatus(
                id,
                shard.role(),
                shard.epoch(),
                shard.position(),
                shard.lagMillis(System.currentTimeMillis()),
                shard.live(),
                before.cpuMicros() + spent / 1_000,
                shard.checkpointAgeNanos() / 1_000_000,
                shard.outboxSize(),
                shard.stopReason());
        // Whoever places shards waits for these: a role taken, and a log read to its end.
        if (before.role() != status.role()
                || before.live() != status.live()
                || before.lagMillis() > 0 && status.lagMillis() == 0) {
            onRole.run();
        }
    }
}
