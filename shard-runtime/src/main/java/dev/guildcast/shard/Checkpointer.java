package dev.guildcast.shard;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Takes a live owner's checkpoints.
///
/// A paused owner that believes itself live could fence its successor's writer and commit older entities over newer
/// ones. So after fencing, nothing is committed until the log has been read to an end that was fetched afterwards, the
/// own claim still standing.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** one checkpoint at a time, made of the entities touched since the one before.
/// - **Promise:** a checkpoint at X is committed only when every output of a record below X is acknowledged.
final class Checkpointer {
    private enum Stage {
        NOT_CLAIMED,
        BEGINNING,
        /// Fenced; waiting for proof that no other claim came.
        VERIFYING,
        READY,
        COMMITTING
    }

    private record Pending(long position, Map<String, byte @Nullable []> entities) {}

    private final ShardProcess<?> process;
    private final ShardPorts ports;
    private final ShardSettings settings;
    private final LogProof proof;
    private Stage stage = Stage.NOT_CLAIMED;
    private long verifyFetch;
    private @Nullable Pending pending;
    private long bytesApplied;
    private long lastNanos;
    private boolean dirty;
    /// A mark of a checkpoint was read since the last one, and perhaps nothing else.
    private boolean marked;

    Checkpointer(ShardProcess<?> process, ShardPorts ports, ShardSettings settings, LogProof proof) {
        this.process = process;
        this.ports = ports;
        this.settings = settings;
        this.proof = proof;
    }

    void onRestored() {
        lastNanos = now();
    }

    void onApplied(int bytes) {
        bytesApplied += bytes;
        dirty = true;
    }

    void onMarkApplied() {
        marked = true;
    }

    void onClaimed() {
        if (stage != Stage.NOT_CLAIMED) {
            return;
        }
        stage = Stage.BEGINNING;
        lastNanos = now()
                - settings.checkpointEvery()
                        .minus(settings.firstCheckpointAfter())
                        .toNanos();
        ports.checkpoints().begin(done -> {
            if (!done) {
                process.stop("the checkpoint writer could not begin");
                return;
            }
            stage = Stage.VERIFYING;
            verifyFetch = proof.nextFetch();
            proof.want();
        });
    }

    void onTick() {
        if (stage == Stage.VERIFYING && proof.provenSince(verifyFetch)) {
            stage = Stage.READY;
        }
        if (stage == Stage.READY && pending == null && isDue() && process.live()) {
            pending = new Pending(process.position(), process.drainTouched());
            bytesApplied = 0;
            dirty = false;
            marked = false;
        }
        onSettled();
    }

    private boolean isDue() {
        long age = now() - lastNanos;
        if (dirty) {
            return age >= settings.checkpointEvery().toNanos() || bytesApplied >= settings.checkpointBytes();
        }
        return marked && age >= settings.idleCheckpointEvery().toNanos();
    }

    /// Commits what is pending, once its outputs are acknowledged.
    void onSettled() {
        var ready = pending;
        if (stage != Stage.READY || ready == null || !process.live() || !process.settledBelow(ready.position())) {
            return;
        }
        stage = Stage.COMMITTING;
        pending = null;
        ports.checkpoints().commit(ready.position(), ready.entities(), done -> {
            if (!done) {
                process.stop("a checkpoint was refused");
                return;
            }
            stage = Stage.READY;
            lastNanos = now();
            process.onCommitted(ready.position());
        });
    }

    /// Nanoseconds since the last checkpoint, or since the claim; 0 while all that matters is covered.
    long ageNanos() {
        return dirty || pending != null || stage == Stage.COMMITTING ? now() - lastNanos : 0;
    }

    private long now() {
        return ports.nanos().getAsLong();
    }
}
