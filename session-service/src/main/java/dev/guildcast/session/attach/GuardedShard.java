package dev.guildcast.session.attach;

import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.OwnedShard;
import java.util.function.Consumer;

/// A shard whose loop survives exceptions in gateways' tasks: their connections attach again, and the log is still
/// applied.
final class GuardedShard implements OwnedShard {
    private final OwnedShard shard;
    private final Consumer<RuntimeException> onFailure;

    GuardedShard(OwnedShard shard, Consumer<RuntimeException> onFailure) {
        this.shard = shard;
        this.onFailure = onFailure;
    }

    void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            onFailure.accept(e);
        }
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
    public void afterReadBarrier(Runnable action) {
        shard.afterReadBarrier(() -> run(action));
    }

    @Override
    public boolean execute(Runnable action) {
        return shard.execute(() -> run(action));
    }
}
