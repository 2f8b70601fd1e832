package dev.guildcast.session.node;

import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.shard.OwnedShard;
import dev.guildcast.shard.RecordContext;
import dev.guildcast.shard.ShardListener;
import java.util.List;

/// Several who listen to one shard, in order.
final class Listeners implements ShardListener<SessionRecord> {
    private final List<ShardListener<SessionRecord>> all;

    Listeners(List<ShardListener<SessionRecord>> all) {
        this.all = List.copyOf(all);
    }

    @Override
    public void onStarted(OwnedShard shard) {
        all.forEach(each -> each.onStarted(shard));
    }

    @Override
    public void onApplied(SessionRecord record, RecordContext at) {
        all.forEach(each -> each.onApplied(record, at));
    }

    @Override
    public void onLive(boolean live) {
        all.forEach(each -> each.onLive(live));
    }

    @Override
    public void onTick(long nowNanos) {
        all.forEach(each -> each.onTick(nowNanos));
    }

    @Override
    public void onBatchEnd() {
        all.forEach(ShardListener::onBatchEnd);
    }

    @Override
    public void onStopped(String reason) {
        all.forEach(each -> each.onStopped(reason));
    }
}
