package dev.guildcast.shard.memory;

import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.OwnedShard;
import dev.guildcast.shard.ShardCounters;
import dev.guildcast.shard.ShardDefinition;
import dev.guildcast.shard.ShardSettings;
import dev.guildcast.shard.process.IncarnationId;
import dev.guildcast.shard.process.ShardPorts;
import dev.guildcast.shard.process.StepwiseShard;
import dev.guildcast.shard.storage.CheckpointWriter;
import dev.guildcast.shard.v1.Role;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// One incarnation whose every step a simulator decides: when a record is read, when a send is appended, when it is
/// acknowledged, when a fetch of the log's end completes, when a checkpoint commits.
///
/// Nothing happens without a call, so that a pause is simulated by not calling. It runs the same process as production.
///
/// - **Owner:** the simulator's thread.
///
/// @param <R> the log's record
public final class SimulatedShard<R> {
    private record Sent(byte[] record, dev.guildcast.shard.storage.RecordSender.SendCallback callback) {}

    private final MemoryInstallation installation;
    private final ShardId id;
    private final StepwiseShard<R> process;
    private final Map<ShardId, Deque<Sent>> inFlight = new TreeMap<>();
    private final Deque<Runnable> acknowledgements = new ArrayDeque<>();
    private final Deque<Runnable> endFetches = new ArrayDeque<>();
    private final Deque<Runnable> checkpointSteps = new ArrayDeque<>();
    private long next;
    private long nextEphemeral;
    private int writerEpoch;
    private boolean crashed;

    /// Starts an incarnation from the newest checkpoint.
    ///
    /// @param nanoTime the simulation's monotonic clock
    public SimulatedShard(
            MemoryInstallation installation,
            IncarnationId incarnation,
            ShardDefinition<R, ?> definition,
            ShardSettings settings,
            ShardCounters counters,
            LongSupplier nanoTime) {
        this.installation = installation;
        this.id = incarnation.shard();
        var ports = new ShardPorts(
                (target, record, callback) -> inFlight.computeIfAbsent(target, key -> new ArrayDeque<>())
                        .add(new Sent(record, callback)),
                new CheckpointWriter() {
                    @Override
                    public void begin(CheckpointCallback callback) {
                        checkpointSteps.add(() -> {
                            writerEpoch = installation.beginWriting(id);
                            callback.onDone(true);
                        });
                    }

                    @Override
                    public void commit(
                            long position, Map<String, byte @Nullable []> entities, CheckpointCallback callback) {
                        checkpointSteps.add(
                                () -> callback.onDone(installation.commit(id, writerEpoch, position, entities)));
                    }
                },
                callback -> endFetches.add(
                        () -> callback.accept(installation.log(id).end())),
                (shard, offset, reason, record, onLost) -> {},
                nanoTime);
        this.process = new StepwiseShard<>(incarnation, definition, ports, settings, counters);
        next = installation.restore(id, process::onEntity);
        process.onRestored(next);
        if (id.kind() == ShardId.Kind.GUILD) {
            nextEphemeral = Math.max(0, installation.ephemeral(id).end() - 3);
        }
    }

    public OwnedShard shard() {
        return process;
    }

    public Role role() {
        return process.role();
    }

    public boolean running() {
        return !crashed && process.role() != Role.STOPPED;
    }

    public long epoch() {
        return process.epoch();
    }

    /// The offset of the next record to be applied.
    public long position() {
        return next;
    }

    public @Nullable String stopReason() {
        return process.stopReason();
    }

    public void claim(long epoch) {
        process.requestClaim(epoch);
    }

    /// Applies the next record of the log; false if there is none or the process does not accept it now.
    public boolean applyOne() {
        var log = installation.log(id);
        if (!running() || !process.acceptsRecords() || next >= log.end()) {
            return false;
        }
        var entry = log.at(next++);
        process.onRecord(entry.offset(), entry.timestampMillis(), entry.record());
        process.onBatchEnd();
        return true;
    }

    /// Applies the next record of the ephemeral lane, if there is such a lane and the process is live.
    public boolean applyOneEphemeral() {
        if (id.kind() != ShardId.Kind.GUILD || !running() || !process.live()) {
            return false;
        }
        var log = installation.ephemeral(id);
        if (nextEphemeral >= log.end()) {
            return false;
        }
        var entry = log.at(nextEphemeral++);
        process.onEphemeral(entry.offset(), entry.timestampMillis(), entry.record());
        return true;
    }

    public void tick() {
        if (running()) {
            process.onTick();
        }
    }

    /// Targets with records in flight.
    public Set<ShardId> targets() {
        inFlight.values().removeIf(Deque::isEmpty);
        return Set.copyOf(inFlight.keySet());
    }

    /// Appends the oldest record in flight to `target` `copies` times and queues its acknowledgement. Works for a
    /// crashed sender, too, whose records may still arrive.
    public void deliver(ShardId target, int copies) {
        var queue = inFlight.get(target);
        var sent = queue == null ? null : queue.poll();
        if (sent == null) {
            return;
        }
        for (int i = 0; i < copies; i++) {
            installation.log(target).append(sent.record);
        }
        acknowledgements.add(() -> sent.callback.onDone(true));
    }

    /// Drops the oldest record in flight to `target`; the next acknowledgements report the failure to the process.
    public void lose(ShardId target) {
        var queue = inFlight.get(target);
        var sent = queue == null ? null : queue.poll();
        if (sent != null) {
            acknowledgements.add(() -> sent.callback.onDone(false));
        }
    }

    /// Delivers the oldest acknowledgement; false if there is none.
    public boolean acknowledge() {
        return step(acknowledgements);
    }

    /// Completes the oldest fetch of the log's end, with the end as it is now; false if there is none.
    public boolean completeEndFetch() {
        return step(endFetches);
    }

    /// Executes the next step of the checkpoint writer; false if there is none.
    public boolean stepCheckpoint() {
        return step(checkpointSteps);
    }

    /// Ends the process without notice. For each target, `keep` records in flight may still arrive by [#deliver].
    public void crash(java.util.function.ToIntFunction<ShardId> keep) {
        crashed = true;
        inFlight.forEach((target, queue) -> {
            int kept = keep.applyAsInt(target);
            while (queue.size() > kept) {
                queue.removeLast();
            }
        });
        acknowledgements.clear();
        endFetches.clear();
        checkpointSteps.clear();
    }

    private boolean step(Deque<Runnable> steps) {
        if (!running()) {
            return false;
        }
        var step = steps.poll();
        if (step == null) {
            return false;
        }
        step.run();
        return true;
    }
}
