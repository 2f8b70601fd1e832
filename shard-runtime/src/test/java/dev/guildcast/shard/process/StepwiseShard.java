package dev.guildcast.shard.process;

import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.OwnedShard;
import dev.guildcast.shard.ShardCounters;
import dev.guildcast.shard.ShardDefinition;
import dev.guildcast.shard.ShardSettings;
import dev.guildcast.shard.v1.Role;
import org.jspecify.annotations.Nullable;

/// A shard's process without a thread: the caller decides each step. Production runs the same process on a loop thread
/// of its own.
///
/// - **Owner:** one thread.
///
/// @param <R> the log's record
public final class StepwiseShard<R> implements OwnedShard {
    private final ShardProcess<R> process;

    public StepwiseShard(
            IncarnationId incarnation,
            ShardDefinition<R, ?> definition,
            ShardPorts ports,
            ShardSettings settings,
            ShardCounters counters) {
        process = new ShardProcess<>(incarnation, definition, ports, settings, counters);
        definition.listener().onStarted(this);
    }

    public void onEntity(String key, byte[] value) {
        process.onEntity(key, value);
    }

    public void onRestored(long from) {
        process.onRestored(from);
    }

    public void requestClaim(long epoch) {
        process.requestClaim(epoch);
    }

    public void onRecord(long offset, long timestampMillis, byte[] record) {
        process.onRecord(offset, timestampMillis, record);
    }

    public void onEphemeral(long offset, long timestampMillis, byte[] record) {
        process.onEphemeral(offset, timestampMillis, record);
    }

    public void onBatchEnd() {
        process.onBatchEnd();
    }

    public void onTick() {
        process.onTick();
    }

    public boolean acceptsRecords() {
        return process.acceptsRecords();
    }

    public void stop(String reason) {
        process.stop(reason);
    }

    public Role role() {
        return process.role();
    }

    public long epoch() {
        return process.epoch();
    }

    public @Nullable String stopReason() {
        return process.stopReason();
    }

    @Override
    public ShardId id() {
        return process.id();
    }

    @Override
    public boolean live() {
        return process.live();
    }

    @Override
    public long nonce() {
        return process.nonce();
    }

    @Override
    public long position() {
        return process.position();
    }

    @Override
    public boolean append(byte[] record) {
        return process.append(record);
    }

    @Override
    public void afterReadBarrier(Runnable action) {
        process.afterReadBarrier(action);
    }

    /// Runs at once: the caller is the loop.
    @Override
    public boolean execute(Runnable action) {
        if (process.role() == Role.STOPPED) {
            return false;
        }
        action.run();
        return true;
    }
}
