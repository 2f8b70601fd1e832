package dev.guildcast.shard.process;

import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.ShardCounters;
import dev.guildcast.shard.v1.Origin;

/// Decides which records of other shards are applied, by their output positions, and counts the rest.
///
/// - **Owner:** the shard's loop.
final class DuplicateFilter {
    private final OutputPositions positions;
    private final ShardCounters counters;

    DuplicateFilter(OutputPositions positions, ShardCounters counters) {
        this.positions = positions;
        this.counters = counters;
    }

    /// Whether the record is to be applied; if so, the accepted position has advanced.
    boolean accepts(ShardId source, Origin origin) {
        return switch (positions.accept(source, origin)) {
            case ACCEPTED -> true;
            case DUPLICATE -> {
                counters.onDuplicate();
                yield false;
            }
            case GAP -> {
                counters.onGap();
                yield false;
            }
            case STALE -> {
                counters.onEphemeralDropped();
                yield false;
            }
        };
    }
}
