package dev.guildcast.shard.process;

import dev.guildcast.shard.ShardSettings;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Takes the checkpoints of a live owner.
///
/// An owner that was paused and still considers itself live could fence its successor's writer and overwrite newer
/// entities with older ones. So nothing is committed after fencing until the log has been read to an end that was
/// fetched afterwards and the own claim is still valid.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** one checkpoint at a time, of the entities changed since the previous one.
/// - **Promise:** a checkpoint at X is committed only when every output of a record below X is acknowledged.
final class Checkpointer {
    private enum CheckpointStage {
        NOT_CLAIMED,
        FENCING,
        /// Earlier writers are fenced; the log is read to a later end to make sure that no other claim is in it.
        VERIFYING,
        READY,
        COMMITTING
    }

    private record PendingCheckpoint(long position, Map<String, byte @Nullable []> entities) {}

    private final CheckpointSource source;
    private final ShardPorts ports;
    private final ShardSettings settings;
    private final ReadBarrier readBarrier;
    private CheckpointStage stage = CheckpointStage.NOT_CLAIMED;
    private long verifyFetchNumber;
    private @Nullable PendingCheckpoint pending;
    private long bytesApplied;
    private long lastCheckpointNanos;
    private boolean dirty;
    /// A checkpoint marker was applied since the last checkpoint, and perhaps nothing else.
    private boolean markerApplied;

    Checkpointer(CheckpointSource source, ShardPorts ports, ShardSettings settings, ReadBarrier readBarrier) {
        this.source = source;
        this.ports = ports;
        this.settings = settings;
        this.readBarrier = readBarrier;
    }

    void onRestored() {
        lastCheckpointNanos = nowNanos();
    }

    void onApplied(int bytes) {
        bytesApplied += bytes;
        dirty = true;
    }

    void onMarkerApplied() {
        markerApplied = true;
    }

    void onClaimed() {
        if (stage != CheckpointStage.NOT_CLAIMED) {
            return;
        }
        stage = CheckpointStage.FENCING;
        lastCheckpointNanos = nowNanos()
                - settings.checkpointEvery()
                        .minus(settings.firstCheckpointAfter())
                        .toNanos();
        ports.checkpoints().begin(success -> {
            if (!success) {
                source.stop("the checkpoint writer could not fence its predecessors");
                return;
            }
            stage = CheckpointStage.VERIFYING;
            verifyFetchNumber = readBarrier.nextFetchNumber();
            readBarrier.requestFetch();
        });
    }

    void onTick() {
        if (stage == CheckpointStage.VERIFYING && readBarrier.isConfirmed(verifyFetchNumber)) {
            stage = CheckpointStage.READY;
        }
        if (stage == CheckpointStage.READY && pending == null && isDue() && source.live()) {
            pending = new PendingCheckpoint(source.position(), source.drainDirty());
            bytesApplied = 0;
            dirty = false;
            markerApplied = false;
        }
        commitWhenAcknowledged();
    }

    private boolean isDue() {
        long ageNanos = nowNanos() - lastCheckpointNanos;
        if (dirty) {
            return ageNanos >= settings.checkpointEvery().toNanos() || bytesApplied >= settings.checkpointBytes();
        }
        return markerApplied && ageNanos >= settings.idleCheckpointEvery().toNanos();
    }

    /// Commits the pending checkpoint once the outputs of all records below it are acknowledged.
    void commitWhenAcknowledged() {
        var ready = pending;
        if (stage != CheckpointStage.READY
                || ready == null
                || !source.live()
                || !source.isAcknowledgedBelow(ready.position())) {
            return;
        }
        stage = CheckpointStage.COMMITTING;
        pending = null;
        ports.checkpoints().commit(ready.position(), ready.entities(), success -> {
            if (!success) {
                source.stop("a checkpoint commit was refused: another writer has fenced this one, or storage failed");
                return;
            }
            stage = CheckpointStage.READY;
            lastCheckpointNanos = nowNanos();
            source.onCommitted(ready.position());
        });
    }

    /// Nanoseconds since the last checkpoint, or since the claim; 0 while no record waits for a checkpoint.
    long ageNanos() {
        return dirty || pending != null || stage == CheckpointStage.COMMITTING ? nowNanos() - lastCheckpointNanos : 0;
    }

    private long nowNanos() {
        return ports.nanoTime().getAsLong();
    }
}
