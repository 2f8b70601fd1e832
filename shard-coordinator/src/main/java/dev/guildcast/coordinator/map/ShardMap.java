package dev.guildcast.coordinator.map;

import dev.guildcast.contract.ShardId;
import dev.guildcast.coordinator.ClusterState;
import dev.guildcast.coordinator.Node;
import dev.guildcast.coordinator.Shard;
import dev.guildcast.shard.v1.MapUpdate;
import dev.guildcast.shard.v1.ShardEntry;
import dev.guildcast.shard.v1.ShardState;
import java.util.Collection;
import java.util.Collections;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The owner and state of every shard, as published to watchers: a value.
///
/// @param revision of the decision that produced it
public record ShardMap(long revision, SortedMap<ShardId, ShardEntry> entries) {
    static final ShardMap EMPTY = new ShardMap(0, Collections.emptySortedMap());

    public static ShardMap of(ClusterState state) {
        var entries = new TreeMap<ShardId, ShardEntry>();
        state.shards().forEach((id, shard) -> entries.put(id, entry(shard, state.nodes())));
        return new ShardMap(state.revision(), Collections.unmodifiableSortedMap(entries));
    }

    private static ShardEntry entry(Shard shard, SortedMap<String, Node> nodes) {
        var entry = ShardEntry.newBuilder()
                .setShard(shard.id().toRef())
                .setState(state(shard))
                .setEpoch(shard.ownerEpoch())
                .setPinned(shard.pinned() != null);
        var owner = aliveNode(shard.owner(), nodes);
        if (owner != null) {
            entry.setOwnerNode(owner.id()).setOwnerAddress(owner.address());
        }
        if (shard.next() != null) {
            entry.setNextNode(shard.next());
        }
        return entry.build();
    }

    private static @Nullable Node aliveNode(@Nullable String id, SortedMap<String, Node> nodes) {
        return id == null ? null : nodes.get(id);
    }

    private static ShardState state(Shard shard) {
        return switch (shard.phase()) {
            case UNASSIGNED -> ShardState.UNASSIGNED;
            case ACTIVE -> ShardState.ACTIVE;
            case DRAINING -> ShardState.DRAINING;
            case TRANSFERRING -> ShardState.TRANSFERRING;
        };
    }

    /// Shards whose entry differs from before; shards are never removed.
    SortedSet<ShardId> changedSince(ShardMap before) {
        var changed = new TreeSet<ShardId>();
        entries.forEach((id, entry) -> {
            if (!Objects.equals(entry, before.entries.get(id))) {
                changed.add(id);
            }
        });
        return changed;
    }

    MapUpdate snapshot() {
        return MapUpdate.newBuilder()
                .setRevision(revision)
                .setSnapshot(true)
                .addAllEntries(entries.values())
                .build();
    }

    MapUpdate delta(Collection<ShardId> changed) {
        var update = MapUpdate.newBuilder().setRevision(revision);
        for (var id : changed) {
            var entry = entries.get(id);
            if (entry != null) {
                update.addEntries(entry);
            }
        }
        return update.build();
    }
}
