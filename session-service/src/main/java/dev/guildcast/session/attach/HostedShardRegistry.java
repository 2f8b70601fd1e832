package dev.guildcast.session.attach;

import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.session.shard.Applied;
import dev.guildcast.session.shard.SessionShard;
import dev.guildcast.shard.ShardListener;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/// Registry of the session shards that run on this host, as owner or follower. Safe for use from any thread.
///
/// - **Owner:** shared by the endpoint's threads and the shards' loops.
/// - **Bound:** the shards of this node.
public final class HostedShardRegistry {
    private final FrontendContext context;
    private final ConcurrentMap<Integer, HostedShard> byIndex = new ConcurrentHashMap<>();

    public HostedShardRegistry(FrontendContext context) {
        this.context = context;
    }

    /// The listener through which gateways reach one incarnation of a shard.
    public ShardListener<SessionRecord, Applied> listener(SessionShard machine) {
        return new HostedShard(machine, context, this);
    }

    /// Number of sessions of a shard that runs here, as of its last tick; 0 for others.
    public int sessions(int shard) {
        var hostedShard = byIndex.get(shard);
        return hostedShard == null ? 0 : hostedShard.sessions();
    }

    /// Number of sessions of all shards that run here.
    public long sessions() {
        return byIndex.values().stream().mapToLong(HostedShard::sessions).sum();
    }

    /// Bytes of gateways' requests that wait for the loops of the shards that run here.
    public long pendingBytes() {
        return byIndex.values().stream().mapToLong(HostedShard::pendingBytes).sum();
    }

    public @Nullable HostedShard at(int shard) {
        return byIndex.get(shard);
    }

    public Collection<HostedShard> all() {
        return byIndex.values();
    }

    void add(HostedShard hostedShard) {
        byIndex.put(hostedShard.index(), hostedShard);
    }

    void remove(HostedShard hostedShard) {
        byIndex.remove(hostedShard.index(), hostedShard);
    }
}
