package dev.guildcast.session.testing;

import dev.guildcast.contract.ShardId;
import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.event.v1.GuildRecord;
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

/// One process that applies a [TestLog]: follower until it has claimed and read its claim.
public final class TestShard implements OwnedShard, Outputs {
    /// What the machine emitted, decoded.
    public record Emitted(ShardId target, GuildRecord record) {}

    private record Proof(long end, Runnable action) {}

    private final TestLog log;
    private final long nonce;
    private final SessionShard machine;
    private final ShardListener<SessionRecord> listener;
    private final ArrayDeque<Runnable> actions = new ArrayDeque<>();
    private final List<Proof> proofs = new ArrayList<>();
    private final List<Emitted> emitted = new ArrayList<>();
    private long position;
    private long ownerNonce;
    private boolean owner;
    private boolean cut;
    private boolean stopped;
    private boolean saidLive;

    public TestShard(TestLog log, long nonce, SessionShard machine, ShardListener<SessionRecord> listener) {
        this.log = log;
        this.nonce = nonce;
        this.machine = machine;
        this.listener = listener;
        listener.onStarted(this);
    }

    public void claim() {
        log.claim(nonce);
    }

    /// Cut off from the log, or back.
    public void cut(boolean now) {
        cut = now;
        sayLive();
    }

    /// Cut off between two looks at it: its listener does not hear of it.
    public void cutUnnoticed() {
        cut = true;
    }

    public boolean stopped() {
        return stopped;
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
        if (stopped || cut || position >= log.end()) {
            return false;
        }
        var entry = log.at(position);
        var record = entry.record();
        long offset = position;
        var at = new RecordContext(machine.shard(), offset, entry.atMillis(), null, ownerNonce);
        if (record.hasClaim()) {
            boolean mine = record.getClaim().getNonce() == nonce;
            ownerNonce = record.getClaim().getNonce();
            machine.onOwnerMark(at);
            position++;
            if (owner && !mine) {
                stop();
                return true;
            }
            owner = mine;
        } else if (record.hasCheckpointed()) {
            machine.onOwnerMark(at);
            position++;
        } else {
            try {
                if (entry.ephemeral()) {
                    machine.applyFromEphemeral(record, at, this);
                } else {
                    machine.apply(record, at, this);
                }
                position++;
                listener.onApplied(record, at);
            } catch (IllegalArgumentException e) {
                position++;
            }
        }
        sayLive();
        prove();
        return true;
    }

    /// Runs one thing that was handed over; false when there is none.
    public boolean act() {
        var action = stopped ? null : actions.poll();
        if (action == null) {
            return false;
        }
        action.run();
        return true;
    }

    /// Everything that can be done without time passing.
    public void run() {
        boolean progress = true;
        while (progress) {
            progress = false;
            while (act()) {
                progress = true;
            }
            while (step()) {
                progress = true;
            }
            if (!stopped) {
                listener.onBatchEnd();
            }
            prove();
            progress |= !actions.isEmpty() && !stopped;
        }
    }

    public void tick(long nowNanos) {
        if (!stopped) {
            listener.onTick(nowNanos);
        }
    }

    private void sayLive() {
        if (!stopped && saidLive != live()) {
            saidLive = live();
            if (!saidLive) {
                proofs.clear();
            }
            listener.onLive(saidLive);
        }
    }

    private void prove() {
        if (!live()) {
            return;
        }
        for (var proof : List.copyOf(proofs)) {
            if (position >= proof.end && proofs.remove(proof)) {
                proof.action.run();
            }
        }
    }

    @Override
    public ShardId id() {
        return machine.shard();
    }

    @Override
    public boolean live() {
        return owner && !cut && !stopped;
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
    public void afterLogEnd(Runnable action) {
        proofs.add(new Proof(log.end(), action));
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
        throw new AssertionError("a session shard needs no barrier");
    }

    @Override
    public void deadLetter(String reason) {
        throw new AssertionError(reason);
    }
}
