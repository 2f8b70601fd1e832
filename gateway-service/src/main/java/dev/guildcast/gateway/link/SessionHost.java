package dev.guildcast.gateway.link;

import dev.guildcast.link.v1.GatewayMessage;

/// A session host: a node that owns session shards, reached over one stream. Safe for use from any thread.
interface SessionHost {
    /// host:port
    String address();

    boolean isUp();

    /// Whether its last stream was given up because nothing came, and none has been up since: the path to it, or the
    /// host itself, hangs. A host that refuses connections is not silent: its process has ended.
    boolean isSilent();

    /// Sends a message, or queues it while the host does not read. Never blocks.
    ///
    /// @return false when the stream is down; sessions are notified when it is up again
    boolean offer(GatewayMessage message);

    /// Returns credit for dispatches that the sessions have processed: the host may send as many bytes again.
    void returnCredit(long bytes);
}
