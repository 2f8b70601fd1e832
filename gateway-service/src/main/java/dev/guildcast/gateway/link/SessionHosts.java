package dev.guildcast.gateway.link;

import dev.guildcast.shard.ShardMapView.ShardOwner;
import java.util.Optional;

/// The owners of session shards and the streams to them. Safe for use from any thread.
interface SessionHosts {
    Optional<ShardOwner> owner(int sessionShard);

    /// The host at this address; connects to it if there is no stream yet.
    SessionHost hostAt(String address);

    /// Removes the session with this handle, which has ended.
    void remove(long handle);
}
