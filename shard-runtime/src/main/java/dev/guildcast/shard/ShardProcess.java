package dev.guildcast.shard;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.v1.Checkpointed;
import dev.guildcast.shard.v1.Claim;
import dev.guildcast.shard.v1.Lane;
import dev.guildcast.shard.v1.Origin;
import dev.guildcast.shard.v1.Role;
import java.nio.ByteBuffer;
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
/// - **Owner:** one loop thread, or a simulator; no method may be called from another.
/// - **Bound:** [ShardSettings].
/// - **Promise:** a checkpoint never covers an input whose outputs are not acknowledged; after another's valid claim
///   nothing more is applied.
///
/// @param <R> the log's record
final class ShardProcess<R> {
    private static final String CLAIM_KEY = "#claim";

    private final ShardId id;
    private final long nonce;
    private final String node;
    private final RecordCodec<R> codec;
    private final ShardMachine<R> machine;
    private final ShardListener<R> listener;
    private final ShardPorts ports;
    private final ShardSettings settings;
    private final ShardCounters counters;
    private final Chain chain = new Chain();
    private final Outbox outbox;
    private final Staging staging;
    private final LogProof proof;
    private final Checkpointer checkpointer;

    private Role role = Role.RESTORING;
    private long position;
    private long lastTimestampMillis;
    private long epoch;
    private long ownerNonce;
    private boolean claimTouched;
    /// The epoch to claim as soon as the log has been read to its end; -1: none, 0: the next.
    private long wantedEpoch = -1;
    private boolean claimSent;
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
        this.nonce = nonce;
        this.node = node;
        this.codec = definition.codec();
        this.machine = definition.machine();
        this.listener = definition.listener();
        this.ports = ports;
        this.settings = settings;
        this.counters = counters;
        this.outbox = new Outbox(id, settings.inFlightMax());
        this.staging = new Staging(chain, outbox);
        this.proof = new LogProof(ports.ends(), ports.nanos(), settings);
        this.checkpointer = new Checkpointer(this);
    }

    // ---- restore

    /// Takes one entity of the checkpoint.
    void onEntity(String key, byte[] value) {
        if (key.equals(CLAIM_KEY)) {
            var buffer = ByteBuffer.wrap(value);
            epoch = buffer.getLong();
            ownerNonce = buffer.getLong();
        } else if (!chain.restore(key, value)) {
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
        wantedEpoch = wanted;
        claimSent = false;
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
        checkpointer.onApplied(bytes.length);
        proof.onPosition(position);
        claimWhenReady();
        pump();
    }

    /// Applies one record of the ephemeral lane, if this process may act as the owner.
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
        var at = context(offset, timestampMillis, null);
        staging.begin(at, Lane.EPHEMERAL);
        try {
            machine.applyEphemeral(record, at, staging);
            staging.publish(position);
        } catch (RuntimeException e) {
            staging.discard();
            counters.onDeadLetter();
        }
        pump();
    }

    private void onClaim(Claim claim, long timestampMillis) {
        if (Long.compareUnsigned(claim.getEpoch(), epoch) > 0) {
            epoch = claim.getEpoch();
            ownerNonce = claim.getNonce();
            claimTouched = true;
            machine.onOwnerMark(context(position, timestampMillis, null));
        }
        if (role != Role.CLAIMING && role != Role.LIVE) {
            return;
        }
        if (ownerNonce == nonce) {
            role = Role.LIVE;
            checkpointer.onClaimed();
            proof.want();
        } else if (claim.getNonce() == nonce || role == Role.LIVE || claimSent && claim.getEpoch() >= wantedEpoch) {
            stop("claim lost to epoch " + claim.getEpoch());
        }
    }

    private void onCheckpointed(Checkpointed mark, long timestampMillis) {
        if (mark.getNonce() != ownerNonce) {
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
            if (!accept(source, origin)) {
                return;
            }
        }
        long published =
                origin == null || origin.getPublishedMillis() == 0 ? timestampMillis : origin.getPublishedMillis();
        var at = new RecordContext(id, position, timestampMillis, source, ownerNonce, published);
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

    private boolean accept(ShardId source, Origin origin) {
        return switch (chain.accept(source, origin)) {
            case ACCEPTED -> true;
            case REPEAT -> {
                counters.onRepeat();
                yield false;
            }
            case GAP -> {
                counters.onGap();
                yield false;
            }
            case STALE -> {
                counters.onEphemeralDropped();
                yield false;
            }
        };
    }

    private void deadLetter(String reason, byte[] bytes) {
        counters.onDeadLetter();
        if (owns()) {
            ports.deadLetters().accept(id, position, reason.length() <= 200 ? reason : reason.substring(0, 200), bytes);
        }
    }

    private RecordContext context(long offset, long timestampMillis, @Nullable ShardId source) {
        return new RecordContext(id, offset, timestampMillis, source, ownerNonce);
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
        return claimSent && (role == Role.CLAIMING || role == Role.LIVE);
    }

    private void claimWhenReady() {
        if (wantedEpoch < 0 || claimSent || role != Role.CLAIMING && role != Role.LIVE || !proof.fresh()) {
            return;
        }
        if (wantedEpoch == 0) {
            wantedEpoch = epoch + 1;
        } else if (Long.compareUnsigned(wantedEpoch, epoch) <= 0) {
            stop("claim of epoch " + wantedEpoch + " is not above " + epoch);
            return;
        }
        claimSent = true;
        send(
                id,
                codec.encode(Claim.newBuilder()
                        .setEpoch(wantedEpoch)
                        .setNonce(nonce)
                        .setNode(node)
                        .build()));
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

    ShardPorts ports() {
        return ports;
    }

    ShardSettings settings() {
        return settings;
    }

    LogProof proof() {
        return proof;
    }

    boolean settledBelow(long offset) {
        return outbox.settledBelow(offset);
    }

    /// All that was touched since the last call.
    Map<String, byte @Nullable []> drainTouched() {
        Map<String, byte @Nullable []> entities = new HashMap<>(machine.drainTouched());
        entities.putAll(chain.drainTouched());
        if (claimTouched) {
            entities.put(
                    CLAIM_KEY,
                    ByteBuffer.allocate(16).putLong(epoch).putLong(ownerNonce).array());
            claimTouched = false;
        }
        return entities;
    }

    void onCommitted(long offset) {
        counters.onCheckpoint();
        if (role == Role.LIVE) {
            send(
                    id,
                    codec.encode(Checkpointed.newBuilder()
                            .setOffset(offset)
                            .setNonce(nonce)
                            .build()));
        }
    }

    // ---- looking in

    ShardId id() {
        return id;
    }

    long nonce() {
        return nonce;
    }

    Role role() {
        return role;
    }

    long position() {
        return position;
    }

    long epoch() {
        return epoch;
    }

    int outboxSize() {
        return outbox.size();
    }

    /// Age of the last applied record's append when the log's end is not reached; 0 at the end.
    long lagMillis(long wallMillis) {
        return proof.fresh() ? 0 : Math.max(1, wallMillis - lastTimestampMillis);
    }

    /// Nanoseconds since the last committed checkpoint, or since the claim.
    long checkpointAgeNanos() {
        return checkpointer.ageNanos();
    }

    @Nullable
    String stopReason() {
        return stopReason;
    }
}
