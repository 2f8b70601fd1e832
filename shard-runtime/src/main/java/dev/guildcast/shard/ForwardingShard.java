package dev.guildcast.shard;

import dev.guildcast.contract.ShardId;

/// A view of a shard that passes every call on, for subclasses to change some of them.
public abstract class ForwardingShard implements OwnedShard {
    private final OwnedShard shard;

    protected ForwardingShard(OwnedShard shard) {
        this.shard = shard;
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
        shard.afterReadBarrier(action);
    }

    @Override
    public boolean execute(Runnable action) {
        return shard.execute(action);
    }
}
