package dev.guildcast.shard;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.v1.Checkpointed;
import dev.guildcast.shard.v1.Claim;
import dev.guildcast.shard.v1.Lane;
import dev.guildcast.shard.v1.Role;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One incarnation of one shard in one process: follows the log, claims it, and acts as its owner while the claim
/// stands.
///
/// The model: state is a function of (checkpoint, log). Every process that reads the log computes the same state and
/// the same outputs; only the one whose [Claim] was the first of the highest epoch *sends* them. A follower keeps them
/// back, so that taking over loses none, and readers drop what comes twice. Nothing here is decided by a clock except
/// when to stop answering: liveness needs a log end that was fetched within the last 2 s and has been applied.
///
/// It is longer than other classes on purpose: one record is applied, claimed over, sent and covered by a checkpoint in
/// steps whose order is the whole point, and that order is read here.
///
/// - **Owner:** one loop thread, or a simulator; no method may be called from another.
/// - **Bound:** [ShardSettings].
/// - **Promise:** a checkpoint never covers an input whose outputs are not acknowledged; after another's valid claim
///   nothing more is applied.
///
/// @param <R> the log's record
final class ShardProcess<R> {
    private final ShardId id;
    private final RecordCodec<R> codec;
    private final ShardMachine<R> machine;
    private final ShardListener<R> listener;
    private final ShardPorts ports;
    private final ShardSettings settings;
    private final ShardCounters counters;
    private final Tenure tenure;
    private final Chain chain = new Chain();
    private final Intake intake;
    private final Outbox outbox;
    private final Staging staging;
    private final EphemeralQueue<R> ephemeral;
    private final LogProof proof;
    private final Checkpointer checkpointer;

    private Role role = Role.RESTORING;
    private long position;
    private long lastTimestampMillis;
    private boolean listenerLive;
    private @Nullable String stopReason;

    ShardProcess(
            ShardId id,
            long nonce,
            String node,
            ShardDefinition<R> definition,
            ShardPorts ports,
            ShardSettings settings,
            ShardCounters counters) {
        this.id = id;
        this.tenure = new Tenure(nonce, node);
        this.codec = definition.codec();
        this.machine = definition.machine();
        this.listener = definition.listener();
        this.ports = ports;
        this.settings = settings;
        this.counters = counters;
        this.intake = new Intake(id, chain, counters, ports.deadLetters());
        this.outbox = new Outbox(id, settings.inFlightMax());
        this.staging = new Staging(chain, outbox);
        this.ephemeral = new EphemeralQueue<>(machine, staging, outbox, counters, settings);
        this.proof = new LogProof(ports.ends(), ports.nanos(), settings);
        this.checkpointer = new Checkpointer(this, ports, settings, proof);
    }

    // ---- restore

    /// Takes one entity of the checkpoint.
    void onEntity(String key, byte[] value) {
        if (!tenure.restore(key, value) && !chain.restore(key, value)) {
            machine.restore(key, value);
        }
    }

    /// The checkpoint is complete and the log follows from `from`.
    void onRestored(long from) {
        position = from;
        role = Role.FOLLOWING;
        machine.onRestored();
        checkpointer.onRestored();
        proof.onPosition(from);
    }

    // ---- directives

    /// Claims the log under `wanted` (0: the next epoch) once it has been read to its end.
    void onClaimWanted(long wanted) {
        tenure.want(wanted);
        if (role == Role.FOLLOWING) {
            role = Role.CLAIMING;
        }
        proof.want();
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
        R record;
        try {
            record = codec.parse(bytes);
        } catch (InvalidProtocolBufferException e) {
            deadLetter("not a record", bytes);
            position = offset + 1;
            return;
        }
        var claim = codec.claim(record);
        var mark = codec.checkpointed(record);
        if (claim != null) {
            onClaim(claim, timestampMillis);
            if (role == Role.STOPPED) {
                return;
            }
        } else if (mark != null) {
            onCheckpointed(mark, timestampMillis);
        } else {
            applyDurable(record, timestampMillis, bytes);
        }
        position = offset + 1;
        if (mark == null) {
            checkpointer.onApplied(bytes.length);
        } else {
            checkpointer.onMarkApplied();
        }
        proof.onPosition(position);
        claimWhenReady();
        pump();
    }

    /// Takes one record of the ephemeral lane, if this process may act as the owner; it is applied in its turn.
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
        ephemeral.add(
                record,
                context(offset, timestampMillis, null),
                bytes.length,
                ports.nanos().getAsLong());
        serveEphemeral();
    }

    private void serveEphemeral() {
        if (live()) {
            ephemeral.serve(ports.nanos().getAsLong(), position);
            pump();
        }
    }

    private void onClaim(Claim claim, long timestampMillis) {
        if (tenure.onClaim(claim)) {
            machine.onOwnerMark(context(position, timestampMillis, null));
        }
        if (role != Role.CLAIMING && role != Role.LIVE) {
            return;
        }
        if (tenure.isOurs()) {
            role = Role.LIVE;
            checkpointer.onClaimed();
            proof.want();
        } else if (role == Role.LIVE || tenure.isLostTo(claim)) {
            stop("claim lost to epoch " + claim.getEpoch());
        }
    }

    private void onCheckpointed(Checkpointed mark, long timestampMillis) {
        if (mark.getNonce() != tenure.ownerNonce()) {
            return;
        }
        if (role == Role.FOLLOWING) {
            outbox.trimBelow(mark.getOffset());
        }
        machine.onOwnerMark(context(position, timestampMillis, null));
    }

    private void applyDurable(R record, long timestampMillis, byte[] bytes) {
        var origin = codec.origin(record);
        ShardId source = null;
        if (origin != null) {
            try {
                source = ShardId.of(origin.getKind(), origin.getShard());
            } catch (IllegalArgumentException e) {
                deadLetter("origin: " + e.getMessage(), bytes);
                return;
            }
            if (!intake.accepts(source, origin)) {
                return;
            }
        }
        long published =
                origin == null || origin.getPublishedMillis() == 0 ? timestampMillis : origin.getPublishedMillis();
        var at = new RecordContext(id, position, timestampMillis, source, tenure.ownerNonce(), published);
        staging.begin(at, Lane.LOG);
        try {
            if (origin != null && origin.getLane() == Lane.EPHEMERAL) {
                machine.applyFromEphemeral(record, at, staging);
            } else {
                machine.apply(record, at, staging);
            }
        } catch (RuntimeException e) {
            staging.discard();
            deadLetter(Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName()), bytes);
            return;
        }
        for (var reason : staging.deadLetters()) {
            deadLetter(reason, bytes);
        }
        staging.publish(position);
        counters.onApplied();
        listener.onApplied(record, at);
    }

    private void deadLetter(String reason, byte[] bytes) {
        intake.deadLetter(reason, position, bytes, owns());
    }

    private RecordContext context(long offset, long timestampMillis, @Nullable ShardId source) {
        return new RecordContext(id, offset, timestampMillis, source, tenure.ownerNonce());
    }

    // ---- acting as the owner

    /// Whether this process may act as the owner now.
    boolean live() {
        return role == Role.LIVE && proof.fresh();
    }

    /// Appends a command to the shard's own log, if live.
    boolean append(byte[] record) {
        if (!live()) {
            return false;
        }
        send(id, record);
        return true;
    }

    /// Runs `action` once everything up to a log end fetched from now on is applied and the process is live.
    void afterLogEnd(Runnable action) {
        proof.after(action);
    }

    /// Periodic work: proofs, checkpoints, liveness. About every 50 ms.
    void onTick() {
        if (role == Role.STOPPED) {
            return;
        }
        if (role != Role.RESTORING) {
            proof.onTick();
            claimWhenReady();
            checkpointer.onTick();
            serveEphemeral();
            pump();
        }
        updateLive();
        listener.onTick(ports.nanos().getAsLong());
    }

    /// A batch of records has been applied.
    void onBatchEnd() {
        updateLive();
        listener.onBatchEnd();
    }

    /// Whether more records may be given: an owner with too much to send waits.
    boolean wantsRecords() {
        return role != Role.STOPPED && (!owns() || outbox.waitingBytes() < settings.outboxBytesMax());
    }

    private void updateLive() {
        boolean now = live();
        if (now != listenerLive && role != Role.STOPPED) {
            listenerLive = now;
            listener.onLive(now);
        }
        if (now) {
            proof.runWaiting();
        } else if (role == Role.LIVE || role == Role.STOPPED) {
            proof.dropWaiting();
        }
    }

    private boolean owns() {
        return tenure.isSent() && (role == Role.CLAIMING || role == Role.LIVE);
    }

    private void claimWhenReady() {
        if (!tenure.isWanted() || role != Role.CLAIMING && role != Role.LIVE || !proof.fresh()) {
            return;
        }
        var claim = tenure.claim();
        if (claim == null) {
            stop(tenure.refusal());
            return;
        }
        send(id, codec.encode(claim));
        pump();
    }

    private void pump() {
        if (!owns()) {
            return;
        }
        outbox.pump((entry, target, record) -> {
            counters.onSent();
            ports.sender().send(target, record, sent -> {
                if (!sent) {
                    stop("a send to " + target + " failed");
                    return;
                }
                outbox.onAcknowledged(entry);
                pump();
                checkpointer.onSettled();
            });
        });
    }

    private void send(ShardId target, byte[] record) {
        ports.sender().send(target, record, sent -> {
            if (!sent) {
                stop("a send to " + target + " failed");
            }
        });
    }

    // ---- for the checkpointer

    boolean settledBelow(long offset) {
        return outbox.settledBelow(offset);
    }

    /// All that was touched since the last call.
    Map<String, byte @Nullable []> drainTouched() {
        Map<String, byte @Nullable []> entities = new HashMap<>(machine.drainTouched());
        entities.putAll(chain.drainTouched());
        tenure.drainTouched(entities);
        return entities;
    }

    void onCommitted(long offset) {
        counters.onCheckpoint();
        if (role == Role.LIVE) {
            send(
                    id,
                    codec.encode(Checkpointed.newBuilder()
                            .setOffset(offset)
                            .setNonce(tenure.nonce())
                            .build()));
        }
    }

    // ---- looking in

    ShardId id() {
        return id;
    }

    long nonce() {
        return tenure.nonce();
    }

    Role role() {
        return role;
    }

    long position() {
        return position;
    }

    long epoch() {
        return tenure.epoch();
    }

    int outboxSize() {
        return outbox.size();
    }

    /// Age of the last applied record's append when the log's end is not reached; 0 at the end.
    long lagMillis(long wallMillis) {
        return proof.fresh() ? 0 : Math.max(1, wallMillis - lastTimestampMillis);
    }

    /// Nanoseconds since the last committed checkpoint, or since the claim; 0 while all that matters is covered.
    long checkpointAgeNanos() {
        return checkpointer.ageNanos();
    }

    @Nullable
    String stopReason() {
        return stopReason;
    }
}
