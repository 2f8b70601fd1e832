package dev.guildcast.shard.memory;

import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.CheckpointWriter;
import dev.guildcast.shard.OwnedShard;
import dev.guildcast.shard.ShardCounters;
import dev.guildcast.shard.ShardDefinition;
import dev.guildcast.shard.ShardPorts;
import dev.guildcast.shard.ShardSettings;
import dev.guildcast.shard.StepwiseShard;
import dev.guildcast.shard.v1.Role;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// One incarnation whose every step a simulator decides: when a record is read, when a send arrives, when it is
/// acknowledged, when the log's end is answered, when a checkpoint commits.
///
/// What is not stepped stands still: a pause is a caller who does not call. It runs the very process that production
/// runs.
///
/// - **Owner:** the simulator's thread.
///
/// @param <R> the log's record
public final class SimulatedShard<R> {
    private record Sent(byte[] record, dev.guildcast.shard.RecordSender.Callback callback) {}

    private final MemoryInstallation installation;
    private final ShardId id;
    private final StepwiseShard<R> process;
    private final Map<ShardId, Deque<Sent>> sending = new TreeMap<>();
    private final Deque<Runnable> acknowledgements = new ArrayDeque<>();
    private final Deque<Runnable> endQuestions = new ArrayDeque<>();
    private final Deque<Runnable> checkpointSteps = new ArrayDeque<>();
    private long next;
    private long nextEphemeral;
    private int writerEpoch;
    private boolean crashed;

    /// Starts an incarnation from the newest checkpoint.
    ///
    /// @param nanos the simulation's monotonic clock
    public SimulatedShard(
            MemoryInstallation installation,
            ShardId id,
            long nonce,
            ShardDefinition<R> definition,
            ShardSettings settings,
            ShardCounters counters,
            LongSupplier nanos) {
        this.installation = installation;
        this.id = id;
        var ports = new ShardPorts(
                (target, record, callback) -> sending.computeIfAbsent(target, key -> new ArrayDeque<>())
                        .add(new Sent(record, callback)),
                new CheckpointWriter() {
                    @Override
                    public void begin(Callback callback) {
                        checkpointSteps.add(() -> {
                            writerEpoch = installation.beginWriting(id);
                            callback.onDone(true);
                        });
                    }

                    @Override
                    public void commit(long position, Map<String, byte @Nullable []> entities, Callback callback) {
                        checkpointSteps.add(
                                () -> callback.onDone(installation.commit(id, writerEpoch, position, entities)));
                    }
                },
                answer -> endQuestions.add(
                        () -> answer.accept(installation.log(id).end())),
                (shard, offset, reason, record) -> {},
                nanos);
        this.process = new StepwiseShard<>(id, nonce, definition, ports, settings, counters);
        var checkpoint = installation.checkpoint(id);
        if (checkpoint != null) {
            checkpoint.entities().forEach(process::onEntity);
            next = checkpoint.position();
        }
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
        process.onClaimWanted(epoch);
    }

    /// Applies the next record of the log; false if there is none or the process takes none.
    public boolean applyOne() {
        var log = installation.log(id);
        if (!running() || !process.wantsRecords() || next >= log.end()) {
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

    /// Targets with records on their way.
    public Set<ShardId> targets() {
        sending.values().removeIf(Deque::isEmpty);
        return Set.copyOf(sending.keySet());
    }

    /// The oldest record on its way to `target` arrives, once or `copies` times; its acknowledgement is on its way.
    /// A crashed sender's records may still arrive.
    public void deliver(ShardId target, int copies) {
        var queue = sending.get(target);
        var sent = queue == null ? null : queue.poll();
        if (sent == null) {
            return;
        }
        for (int i = 0; i < copies; i++) {
            installation.log(target).append(sent.record);
        }
        acknowledgements.add(() -> sent.callback.onDone(true));
    }

    /// The oldest record on its way to `target` is lost for good; the process will hear of it.
    public void lose(ShardId target) {
        var queue = sending.get(target);
        var sent = queue == null ? null : queue.poll();
        if (sent != null) {
            acknowledgements.add(() -> sent.callback.onDone(false));
        }
    }

    /// The oldest acknowledgement arrives.
    public boolean acknowledge() {
        return step(acknowledgements);
    }

    /// The oldest question for the log's end is answered, with the end as it is now.
    public boolean answerEnd() {
        return step(endQuestions);
    }

    /// The checkpoint writer takes its next step.
    public boolean stepCheckpoint() {
        return step(checkpointSteps);
    }

    /// The process dies. What is on its way to a log may still arrive by [#deliver]; keep `keep` records a target.
    public void crash(java.util.function.ToIntFunction<ShardId> keep) {
        crashed = true;
        sending.forEach((target, queue) -> {
            int kept = keep.applyAsInt(target);
            while (queue.size() > kept) {
                queue.removeLast();
            }
        });
        acknowledgements.clear();
        endQuestions.clear();
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
