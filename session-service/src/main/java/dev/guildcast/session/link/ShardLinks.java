package dev.guildcast.session.link;

import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.session.shard.SessionShard;
import dev.guildcast.shard.ShardListener;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/// The session shards that run on this host, whatever their role. Safe for use from any thread.
///
/// - **Owner:** shared by the endpoint's threads and the shards' loops.
/// - **Bound:** the shards of this node.
public final class ShardLinks {
    private final LinkParts parts;
    private final ConcurrentMap<Integer, ShardLink> byIndex = new ConcurrentHashMap<>();

    ShardLinks(LinkParts parts) {
        this.parts = parts;
    }

    /// The listener by which one incarnation of a shard is reached.
    public ShardListener<SessionRecord> listener(SessionShard machine) {
        return new ShardLink(machine, parts, this);
    }

    /// Sessions of a shard that runs here, as of its last tick; 0 for others.
    public int sessions(int shard) {
        var link = byIndex.get(shard);
        return link == null ? 0 : link.sessions();
    }

    /// Sessions of all shards that run here.
    public long sessions() {
        return byIndex.values().stream().mapToLong(ShardLink::sessions).sum();
    }

    @Nullable
    ShardLink at(int shard) {
        return byIndex.get(shard);
    }

    Collection<ShardLink> all() {
        return byIndex.values();
    }

    void add(ShardLink link) {
        byIndex.put(link.index(), link);
    }

    void remove(ShardLink link) {
        byIndex.remove(link.index(), link);
    }
}
