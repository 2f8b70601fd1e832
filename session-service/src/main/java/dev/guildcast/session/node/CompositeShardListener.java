package dev.guildcast.session.node;

import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.session.shard.Applied;
import dev.guildcast.shard.OwnedShard;
import dev.guildcast.shard.RecordContext;
import dev.guildcast.shard.ShardListener;
import java.util.List;

/// Forwards a shard's callbacks to several listeners, in order.
final class CompositeShardListener implements ShardListener<SessionRecord, Applied> {
    private final List<ShardListener<SessionRecord, Applied>> listeners;

    CompositeShardListener(List<ShardListener<SessionRecord, Applied>> listeners) {
        this.listeners = List.copyOf(listeners);
    }

    @Override
    public void onStarted(OwnedShard shard) {
        listeners.forEach(listener -> listener.onStarted(shard));
    }

    @Override
    public void onApplied(SessionRecord record, RecordContext at, Applied applied) {
        listeners.forEach(listener -> listener.onApplied(record, at, applied));
    }

    @Override
    public void onLive(boolean live) {
        listeners.forEach(listener -> listener.onLive(live));
    }

    @Override
    public void onTick(long nowNanos) {
        listeners.forEach(listener -> listener.onTick(nowNanos));
    }

    @Override
    public void onBatchEnd() {
        listeners.forEach(ShardListener::onBatchEnd);
    }

    @Override
    public void onStopped(String reason) {
        listeners.forEach(listener -> listener.onStopped(reason));
    }
}
