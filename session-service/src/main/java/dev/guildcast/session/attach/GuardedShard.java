package dev.guildcast.session.attach;

import dev.guildcast.shard.ForwardingShard;
import dev.guildcast.shard.OwnedShard;
import java.util.function.Consumer;

/// A shard whose loop survives exceptions in gateways' tasks: their connections attach again, and the log is still
/// applied.
final class GuardedShard extends ForwardingShard {
    private final Consumer<RuntimeException> onFailure;

    GuardedShard(OwnedShard shard, Consumer<RuntimeException> onFailure) {
        super(shard);
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
    public void afterReadBarrier(Runnable action) {
        super.afterReadBarrier(() -> run(action));
    }

    @Override
    public boolean execute(Runnable action) {
        return super.execute(() -> run(action));
    }
}
