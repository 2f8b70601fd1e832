package dev.guildcast.system.simulation;

import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.OwnedShard;
import dev.guildcast.shard.RecordContext;
import dev.guildcast.shard.ShardListener;
import dev.guildcast.shard.StepwiseShard;
import dev.guildcast.shard.memory.SimulatedShard;
import java.util.ArrayDeque;
import java.util.Set;

/// One incarnation of a shard on one node, and what hinders it.
final class Incarnation {
    /// Hears what a session shard applied, whoever applied it.
    interface Witness {
        void applied(Incarnation by, Object record, RecordContext at);
    }

    final ShardId shard;
    final String node;
    final Object machine;
    final ArrayDeque<Runnable> inbox = new ArrayDeque<>();
    /// Nothing at all happens before.
    long pausedUntil;
    /// The log is out of reach before.
    long cutUntil;
    /// Nothing is applied before.
    long slowUntil;
    /// It pauses as soon as it is live.
    boolean pausesWhenItClaims;

    private SimulatedShard<?> process;

    Incarnation(ShardId shard, String node, Object machine) {
        this.shard = shard;
        this.node = node;
        this.machine = machine;
    }

    void process(SimulatedShard<?> started) {
        process = started;
    }

    SimulatedShard<?> process() {
        return process;
    }

    boolean running() {
        return process.running();
    }

    boolean live() {
        return running() && process.shard().live();
    }

    boolean awake(long now) {
        return running() && pausedUntil <= now;
    }

    boolean reaches(long now) {
        return pausedUntil <= now && cutUntil <= now;
    }

    /// The coordinator tells it to stop.
    void release() {
        ((StepwiseShard<?>) process.shard()).stop("released");
    }

    @Override
    public String toString() {
        return shard + " on " + node + " (epoch " + process.epoch() + ", at " + process.position() + ", "
                + process.role() + ")";
    }

    /// What production's listener hears, with its loop being the simulator's to turn.
    <R> ShardListener<R> listener(ShardListener<R> listener, Witness witness, Set<Planted> planted) {
        return new ShardListener<>() {
            @Override
            public void onStarted(OwnedShard shard) {
                listener.onStarted(new Looped(shard, planted.contains(Planted.NEGATIVE_BEFORE_LOG_END)));
            }

            @Override
            public void onApplied(R record, RecordContext at) {
                witness.applied(Incarnation.this, record, at);
                listener.onApplied(record, at);
            }

            @Override
            public void onLive(boolean live) {
                listener.onLive(live);
            }

            @Override
            public void onTick(long nowNanos) {
                listener.onTick(nowNanos);
            }

            @Override
            public void onBatchEnd() {
                listener.onBatchEnd();
            }

            @Override
            public void onStopped(String reason) {
                listener.onStopped(reason);
                inbox.clear();
            }
        };
    }

    private final class Looped implements OwnedShard {
        private final OwnedShard shard;
        private final boolean hasty;

        private Looped(OwnedShard shard, boolean hasty) {
            this.shard = shard;
            this.hasty = hasty;
        }

        @Override
        public ShardId id() {
            return shard.id();
        }

        @Override
        public boolean live() {
            return shard.live();
        }

        @Override
        public long nonce() {
            return shard.nonce();
        }

        @Override
        public long position() {
            return shard.position();
        }

        @Override
        public boolean append(byte[] record) {
            return shard.append(record);
        }

        @Override
        public void afterLogEnd(Runnable action) {
            if (hasty) {
                action.run();
            } else {
                shard.afterLogEnd(action);
            }
        }

        @Override
        public boolean execute(Runnable action) {
            if (!running()) {
                return false;
            }
            inbox.add(action);
            return true;
        }
    }
}
