package dev.guildcast.gateway.link;

import dev.guildcast.shard.ShardMapView.ShardOwner;
import java.util.Optional;

/// Where sessions may be found. Safe for use from any thread.
interface Hosts {
    Optional<ShardOwner> owner(int sessionShard);

    /// The stream to this address, begun if there is none.
    Host at(String address);

    /// The line under this handle has ended.
    void forget(long handle);
}
