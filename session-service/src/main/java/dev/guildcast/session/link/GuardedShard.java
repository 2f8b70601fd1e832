package dev.guildcast.session.link;

import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.OwnedShard;
import java.util.function.Consumer;

/// A shard whose loop survives what gateways' errands do wrong: they are told to come again, the log goes on.
final class GuardedShard implements OwnedShard {
    private final OwnedShard shard;
    private final Consumer<RuntimeException> onFailure;

    GuardedShard(OwnedShard shard, Consumer<RuntimeException> onFailure) {
        this.shard = shard;
        this.onFailure = onFailure;
    }

    void run(Runnable errand) {
        try {
            errand.run();
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
    public void afterLogEnd(Runnable action) {
        shard.afterLogEnd(() -> run(action));
    }

    @Override
    public boolean execute(Runnable action) {
        return shard.execute(() -> run(action));
    }
}
