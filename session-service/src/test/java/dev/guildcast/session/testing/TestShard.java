package dev.guildcast.session.testing;

import dev.guildcast.contract.ShardId;
import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.event.v1.GuildRecord;
import dev.guildcast.session.shard.Applied;
import dev.guildcast.session.shard.SessionShard;
import dev.guildcast.shard.Output;
import dev.guildcast.shard.Outputs;
import dev.guildcast.shard.OwnedShard;
import dev.guildcast.shard.RecordContext;
import dev.guildcast.shard.ShardListener;
import dev.guildcast.shard.v1.Origin;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One process that applies a [TestLog]: a follower until it has claimed and applied its claim.
public final class TestShard implements OwnedShard, Outputs {
    /// What the machine emitted, decoded.
    public record Emitted(ShardId target, GuildRecord record) {}

    private record PendingBarrier(long end, Runnable action) {}

    private final TestLog log;
    private final long nonce;
    private final SessionShard machine;
    private final ShardListener<SessionRecord, Applied> listener;
    private final ArrayDeque<Runnable> actions = new ArrayDeque<>();
    private final List<PendingBarrier> pendingBarriers = new ArrayList<>();
    private final List<Emitted> emitted = new ArrayList<>();
    private long position;
    private long ownerNonce;
    private boolean owner;
    private boolean disconnected;
    private boolean stopped;
    private boolean reportedLive;
    private @Nullable Applied applied;

    public TestShard(TestLog log, long nonce, SessionShard machine, ShardListener<SessionRecord, Applied> listener) {
        this.log = log;
        this.nonce = nonce;
        this.machine = machine;
        this.listener = listener;
        listener.onStarted(this);
    }

    public void claim() {
        log.claim(nonce);
    }

    /// Disconnects the shard from the log, or connects it again.
    public void setDisconnected(boolean newValue) {
        disconnected = newValue;
        reportLive();
    }

    /// Disconnects the shard from the log without a callback to its listener.
    public void disconnectUnnoticed() {
        disconnected = true;
    }

    public boolean stopped() {
        return stopped;
    }

    /// What the last record did.
    public Applied applied() {
        return Objects.requireNonNull(applied, "no record has been applied");
    }

    public List<Emitted> emitted() {
        return emitted;
    }

    public void stop() {
        if (!stopped) {
            stopped = true;
            listener.onStopped("test");
        }
    }

    /// Applies one record; false when there is none.
    public boolean step() {
        if (stopped || disconnected || position >= log.end()) {
            return false;
        }
        var entry = log.at(position);
        var record = entry.record();
        long offset = position;
        var at = new RecordContext(machine.shard(), offset, entry.atMillis(), null, ownerNonce);
        if (record.hasClaim()) {
            boolean mine = record.getClaim().getNonce() == nonce;
            ownerNonce = record.getClaim().getNonce();
            machine.onControlRecord(at);
            position++;
            if (owner && !mine) {
                stop();
                return true;
            }
            owner = mine;
        } else if (record.hasCheckpointed()) {
            machine.onControlRecord(at);
            position++;
        } else {
            try {
                applied = entry.ephemeral()
                        ? machine.applyFromEphemeral(record, at, this)
                        : machine.apply(record, at, this);
                position++;
                listener.onApplied(record, at, applied());
            } catch (IllegalArgumentException e) {
                position++;
            }
        }
        reportLive();
        runBarriers();
        return true;
    }

    /// Runs one handed-over action; false when there is none.
    public boolean runAction() {
        var action = stopped ? null : actions.poll();
        if (action == null) {
            return false;
        }
        action.run();
        return true;
    }

    /// Does everything that can be done without time passing.
    public void run() {
        boolean progress = true;
        while (progress) {
            progress = false;
            while (runAction()) {
                progress = true;
            }
            while (step()) {
                progress = true;
            }
            if (!stopped) {
                listener.onBatchEnd();
            }
            runBarriers();
            progress |= !actions.isEmpty() && !stopped;
        }
    }

    public void tick(long nowNanos) {
        if (!stopped) {
            listener.onTick(nowNanos);
        }
    }

    private void reportLive() {
        if (!stopped && reportedLive != live()) {
            reportedLive = live();
            if (!reportedLive) {
                pendingBarriers.clear();
            }
            listener.onLive(reportedLive);
        }
    }

    private void runBarriers() {
        if (!live()) {
            return;
        }
        for (var barrier : List.copyOf(pendingBarriers)) {
            if (position >= barrier.end && pendingBarriers.remove(barrier)) {
                barrier.action.run();
            }
        }
    }

    @Override
    public ShardId id() {
        return machine.shard();
    }

    @Override
    public boolean live() {
        return owner && !disconnected && !stopped;
    }

    @Override
    public long nonce() {
        return nonce;
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public boolean append(byte[] record) {
        if (!live()) {
            return false;
        }
        try {
            log.append(SessionRecord.parseFrom(record));
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
        return true;
    }

    @Override
    public void afterReadBarrier(Runnable action) {
        pendingBarriers.add(new PendingBarrier(log.end(), action));
    }

    @Override
    public boolean execute(Runnable action) {
        return !stopped && actions.add(action);
    }

    @Override
    public void emit(ShardId target, Output output) {
        try {
            emitted.add(new Emitted(target, GuildRecord.parseFrom(output.encode(Origin.getDefaultInstance()))));
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void barrier() {
        throw new AssertionError("a session shard never emits a barrier");
    }

    @Override
    public void deadLetter(String reason) {
        throw new AssertionError(reason);
    }
}
