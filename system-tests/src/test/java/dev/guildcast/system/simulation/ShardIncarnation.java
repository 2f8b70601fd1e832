package dev.guildcast.system.simulation;

import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.ForwardingShard;
import dev.guildcast.shard.OwnedShard;
import dev.guildcast.shard.RecordContext;
import dev.guildcast.shard.ShardListener;
import dev.guildcast.shard.memory.SimulatedShard;
import dev.guildcast.shard.process.StepwiseShard;
import java.util.ArrayDeque;
import java.util.Set;

/// One incarnation of a shard on one node, and the faults that affect it.
final class ShardIncarnation {
    /// Receives every record that an incarnation applied.
    interface ApplyListener<R, A> {
        void onApplied(ShardIncarnation by, R record, RecordContext context, A applied);
    }

    final ShardId shard;
    final String node;
    final Object machine;
    final ArrayDeque<Runnable> inbox = new ArrayDeque<>();
    /// Does nothing at all before this time.
    long pausedUntil;
    /// Cannot reach its log before this time.
    long cutUntil;
    /// Applies nothing before this time.
    long slowUntil;
    /// Pauses as soon as it is live.
    boolean pausesOnClaim;

    private SimulatedShard<?> process;

    ShardIncarnation(ShardId shard, String node, Object machine) {
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

    boolean isAwake(long now) {
        return running() && pausedUntil <= now;
    }

    boolean reachesLog(long now) {
        return pausedUntil <= now && cutUntil <= now;
    }

    /// Stops it, as by a directive of the coordinator.
    void release() {
        ((StepwiseShard<?>) process.shard()).stop("released");
    }

    @Override
    public String toString() {
        return shard + " on " + node + " (epoch " + process.epoch() + ", at " + process.position() + ", "
                + process.role() + ")";
    }

    /// Production's listener, whose loop is stepped by the simulator.
    <R, A> ShardListener<R, A> listener(
            ShardListener<R, A> listener, ApplyListener<R, A> applyListener, Set<InjectedBug> bugs) {
        return new ShardListener<>() {
            @Override
            public void onStarted(OwnedShard shard) {
                listener.onStarted(new SteppedShard(shard, bugs.contains(InjectedBug.REJECT_BEFORE_READ_BARRIER)));
            }

            @Override
            public void onApplied(R record, RecordContext context, A applied) {
                applyListener.onApplied(ShardIncarnation.this, record, context, applied);
                listener.onApplied(record, context, applied);
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

    private final class SteppedShard extends ForwardingShard {
        private final boolean skipsReadBarrier;

        private SteppedShard(OwnedShard shard, boolean skipsReadBarrier) {
            super(shard);
            this.skipsReadBarrier = skipsReadBarrier;
        }

        @Override
        public void afterReadBarrier(Runnable action) {
            if (skipsReadBarrier) {
                action.run();
            } else {
                super.afterReadBarrier(action);
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
