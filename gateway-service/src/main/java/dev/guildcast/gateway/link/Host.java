package dev.guildcast.gateway.link;

import dev.guildcast.link.v1.GatewayMessage;

/// A node that owns session shards, as seen over one stream. Safe for use from any thread.
interface Host {
    /// host:port
    String address();

    boolean isUp();

    /// Never blocks.
    ///
    /// @return false when the stream is down: lines are told when it is up again
    boolean offer(GatewayMessage message);
}
