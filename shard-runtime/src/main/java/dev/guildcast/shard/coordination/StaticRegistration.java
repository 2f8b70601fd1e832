package dev.guildcast.shard.coordination;

import dev.guildcast.contract.ShardId;
import java.util.List;

/// Placement without a coordinator: this node claims a fixed list of shards once, under the next epoch of each log.
public final class StaticRegistration implements NodeRegistration {
    private final List<ShardId> shards;

    public StaticRegistration(List<ShardId> shards) {
        this.shards = List.copyOf(shards);
    }

    @Override
    public void start(Directives directives, Reports reports) {
        shards.forEach(shard -> directives.claim(shard, 0));
    }

    @Override
    public void reportSoon() {
        // No coordinator receives reports.
    }

    @Override
    public void leave() {
        // No coordinator could move the shards.
    }

    @Override
    public void close() {
        // Holds nothing.
    }
}
