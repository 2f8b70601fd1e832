package dev.guildcast.shard.process;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.RecordCodec;
import dev.guildcast.shard.RecordContext;
import dev.guildcast.shard.ShardCounters;
import dev.guildcast.shard.ShardDefinition;
import dev.guildcast.shard.ShardListener;
import dev.guildcast.shard.ShardMachine;
import dev.guildcast.shard.ShardSettings;
import dev.guildcast.shard.v1.Checkpointed;
import dev.guildcast.shard.v1.Claim;
import dev.guildcast.shard.v1.Role;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One incarnation of one shard in one process: follows the log, and acts as its owner while it holds a valid claim.
///
/// The model: state is a function of (checkpoint, log). Every process that reads the log computes the same state and
/// the same outputs; only the one whose [Claim] was the first of the highest epoch *sends* them. A follower buffers
/// them, so that a takeover loses none, and readers drop duplicates. A clock decides only when to stop serving: the
/// process is live while a log end that was fetched within the last 2 s has been applied.
///
/// A record is applied ([RecordApplier]), its outputs are sent ([OutputSender]), and a checkpoint covers it
/// ([Checkpointer]), in an order on which correctness depends: that order is here.
///
/// - **Owner:** one loop thread, or a simulator; no method may be called from another thread.
/// - **Bound:** [ShardSettings].
/// - **Promise:** a checkpoint never covers a record whose outputs are not acknowledged; after another incarnation's
///   valid claim nothing more is applied.
///
/// @param <R> the log's record
final class ShardProcess<R> {
    private final ShardId id;
    private final RecordCodec<R> codec;
    private final ShardMachine<R, ?> machine;
    private final ShardListener<R, ?> listener;
    private final ShardPorts ports;
    private final ShardSettings settings;
    private final ShardCounters counters;
    private final ClaimState claimState;
    private final CheckpointEntities entities;
    private final Outbox outbox;
    private final RecordApplier<R, ?> applier;
    private final EphemeralQueue<R> ephemeralQueue;
    private final ReadBarrier readBarrier;
    private final OutputSender sender;
    private final Checkpointer checkpointer;

    private Role role = Role.RESTORING;
    private long position;
    private long lastTimestampMillis;
    private boolean listenerLive;
    private @Nullable String stopReason;

    ShardProcess(
            IncarnationId incarnation,
            ShardDefinition<R, ?> definition,
            ShardPorts ports,
            ShardSettings settings,
            ShardCounters counters) {
        this.id = incarnation.shard();
        this.claimState = new ClaimState(incarnation.nonce(), incarnation.node());
        this.codec = definition.codec();
        this.machine = definition.machine();
        this.listener = definition.listener();
        this.ports = ports;
        this.settings = settings;
        this.counters = counters;
        var positions = new OutputPositions();
        this.entities = new CheckpointEntities(machine, positions, claimState);
        var duplicateFilter = new DuplicateFilter(positions, counters);
        var deadLetters = new DeadLetterReporter(id, counters, ports.deadLetters());
        this.outbox = new Outbox(id, settings.inFlightMax());
        var stagedOutputs = new StagedOutputs(positions, outbox);
        this.applier = new RecordApplier<>(definition, duplicateFilter, deadLetters, stagedOutputs, counters);
        this.ephemeralQueue = new EphemeralQueue<>(machine, stagedOutputs, outbox, counters, settings);
        this.readBarrier = new ReadBarrier(ports.ends(), ports.nanoTime(), settings);
        this.sender = new OutputSender(outbox, ports.sender(), counters, new SendListener());
        this.checkpointer = new Checkpointer(new OwnCheckpoints(), ports, settings, readBarrier);
    }

    // ---- restore

    /// Restores one entity of the checkpoint.
    void onEntity(String key, byte[] value) {
        entities.restore(key, value);
    }

    /// The checkpoint is restored completely; the log is read from offset `from`.
    void onRestored(long from) {
        position = from;
        role = Role.FOLLOWING;
        machine.onRestored();
        checkpointer.onRestored();
        readBarrier.onPosition(from);
    }

    // ---- directives

    /// Claims the log under an epoch (0: the next) once it has been read to its end.
    void requestClaim(long epoch) {
        claimState.request(epoch);
        if (role == Role.FOLLOWING) {
            role = Role.CLAIMING;
        }
        readBarrier.requestFetch();
    }

    /// Ends the incarnation.
    void stop(String reason) {
        if (role == Role.STOPPED) {
            return;
        }
        if (listenerLive) {
            listenerLive = false;
            listener.onLive(false);
        }
        role = Role.STOPPED;
        stopReason = reason;
        listener.onStopped(reason);
    }

    // ---- the log

    /// Applies the next record of the log.
    ///
    /// @param offset at or above [#position]
    void onRecord(long offset, long timestampMillis, byte[] bytes) {
        if (role == Role.STOPPED) {
            return;
        }
        if (offset < position) {
            throw new IllegalStateException("record " + offset + " (expected: at least " + position + ")");
        }
        position = offset;
        lastTimestampMillis = timestampMillis;
        var record = applier.parse(offset, bytes, owns());
        if (record == null) {
            position = offset + 1;
            return;
        }
        var claim = codec.claim(record);
        var marker = codec.checkpointed(record);
        if (claim != null) {
            onClaim(claim, timestampMillis);
            if (role == Role.STOPPED) {
                return;
            }
        } else if (marker != null) {
            onCheckpointMarker(marker, timestampMillis);
        } else {
            applier.apply(record, context(offset, timestampMillis), bytes, owns());
        }
        position = offset + 1;
        if (marker == null) {
            checkpointer.onApplied(bytes.length);
        } else {
            checkpointer.onMarkerApplied();
        }
        readBarrier.onPosition(position);
        claimWhenReady();
        pump();
    }

    /// Queues one record of the ephemeral lane if this process may act as the owner.
    ///
    /// @param offset in the ephemeral log
    void onEphemeral(long offset, long timestampMillis, byte[] bytes) {
        if (!live()) {
            return;
        }
        R record;
        try {
            record = codec.parse(bytes);
        } catch (InvalidProtocolBufferException e) {
            counters.onDeadLetter();
            return;
        }
        ephemeralQueue.add(
                record,
                context(offset, timestampMillis),
                bytes.length,
                ports.nanoTime().getAsLong());
        applyDueEphemeral();
    }

    private void applyDueEphemeral() {
        if (live()) {
            ephemeralQueue.applyDue(ports.nanoTime().getAsLong(), position);
            pump();
        }
    }

    private void onClaim(Claim claim, long timestampMillis) {
        if (claimState.onClaim(claim)) {
            machine.onControlRecord(context(position, timestampMillis));
        }
        if (role != Role.CLAIMING && role != Role.LIVE) {
            return;
        }
        if (claimState.isOurs()) {
            role = Role.LIVE;
            checkpointer.onClaimed();
            readBarrier.requestFetch();
        } else if (role == Role.LIVE || claimState.isLostTo(claim)) {
            stop("claim lost: another incarnation claimed epoch " + Long.toUnsignedString(claim.getEpoch()));
        }
    }

    private void onCheckpointMarker(Checkpointed marker, long timestampMillis) {
        if (marker.getNonce() != claimState.ownerNonce()) {
            return;
        }
        if (role == Role.FOLLOWING) {
            outbox.trimBelow(marker.getOffset());
        }
        machine.onControlRecord(context(position, timestampMillis));
    }

    private RecordContext context(long offset, long timestampMillis) {
        return new RecordContext(id, offset, timestampMillis, null, claimState.ownerNonce());
    }

    // ---- acting as the owner

    /// Whether this process may act as the owner now: its claim is valid and its read barrier is current.
    boolean live() {
        return role == Role.LIVE && readBarrier.isCurrent();
    }

    /// Appends a command to the shard's own log, if live.
    boolean append(byte[] record) {
        if (!live()) {
            return false;
        }
        sender.send(id, record);
        return true;
    }

    /// Runs `action` once everything up to a log end fetched after this call is applied and the process is live.
    void afterReadBarrier(Runnable action) {
        readBarrier.after(action);
    }

    /// Periodic work: log end fetches, checkpoints, liveness. About every 50 ms.
    void onTick() {
        if (role == Role.STOPPED) {
            return;
        }
        if (role != Role.RESTORING) {
            readBarrier.onTick();
            claimWhenReady();
            checkpointer.onTick();
            applyDueEphemeral();
            pump();
        }
        updateLiveness();
        listener.onTick(ports.nanoTime().getAsLong());
    }

    /// A batch of records has been applied.
    void onBatchEnd() {
        updateLiveness();
        listener.onBatchEnd();
    }

    /// Whether more records may be applied: an owner with a full outbox stops applying.
    boolean acceptsRecords() {
        return role != Role.STOPPED && (!owns() || outbox.queuedBytes() < settings.outboxBytesMax());
    }

    private void updateLiveness() {
        boolean nowLive = live();
        if (nowLive != listenerLive && role != Role.STOPPED) {
            listenerLive = nowLive;
            listener.onLive(nowLive);
        }
        if (nowLive) {
            readBarrier.runReadyActions();
        } else if (role == Role.LIVE || role == Role.STOPPED) {
            readBarrier.dropActions();
        }
    }

    private boolean owns() {
        return claimState.isSent() && (role == Role.CLAIMING || role == Role.LIVE);
    }

    private void claimWhenReady() {
        if (!claimState.isRequested() || role != Role.CLAIMING && role != Role.LIVE || !readBarrier.isCurrent()) {
            return;
        }
        var claim = claimState.createClaim();
        if (claim == null) {
            stop(claimState.rejectionReason());
            return;
        }
        sender.send(id, codec.encode(claim));
        pump();
    }

    private void pump() {
        if (owns()) {
            sender.pump();
        }
    }

    // ---- state, for status and tests

    ShardId id() {
        return id;
    }

    long nonce() {
        return claimState.nonce();
    }

    Role role() {
        return role;
    }

    long position() {
        return position;
    }

    long epoch() {
        return claimState.epoch();
    }

    int outboxSize() {
        return outbox.size();
    }

    /// Age of the last applied record, in ms; 0 at the log's end, else at least the age up to which an end is current.
    long lagMillis(long wallMillis) {
        long leastMillis = settings.logEndMaxAge().toMillis();
        return readBarrier.isCurrent() ? 0 : Math.max(leastMillis, wallMillis - lastTimestampMillis);
    }

    /// Nanoseconds since the last committed checkpoint, or since the claim; 0 while no record waits for a checkpoint.
    long checkpointAgeNanos() {
        return checkpointer.ageNanos();
    }

    @Nullable
    String stopReason() {
        return stopReason;
    }

    private final class SendListener implements OutputSender.Listener {
        @Override
        public void onAcknowledged() {
            pump();
            checkpointer.commitWhenAcknowledged();
        }

        @Override
        public void onSendFailed(ShardId target) {
            stop("append to the log of " + target + " failed");
        }
    }

    private final class OwnCheckpoints implements CheckpointSource {
        @Override
        public boolean live() {
            return ShardProcess.this.live();
        }

        @Override
        public long position() {
            return position;
        }

        @Override
        public Map<String, byte @Nullable []> drainDirty() {
            return entities.drainDirty();
        }

        @Override
        public boolean isAcknowledgedBelow(long offset) {
            return outbox.isAcknowledgedBelow(offset);
        }

        @Override
        public void onCommitted(long offset) {
            counters.onCheckpoint();
            if (role == Role.LIVE) {
                var marker = Checkpointed.newBuilder().setOffset(offset).setNonce(claimState.nonce());
                sender.send(id, codec.encode(marker.build()));
            }
        }

        @Override
        public void stop(String reason) {
            ShardProcess.this.stop(reason);
        }
    }
}
