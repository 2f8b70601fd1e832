package dev.guildcast.coordinator.replica;

import dev.guildcast.shard.v1.Directive;

/// A node's open registration, as the leader sees it.
public interface NodeStream {
    /// Sends a directive; never blocks. A closed stream drops it.
    void send(Directive directive);

    /// Ends the stream because this replica is no longer the leader.
    void endNotLeader();

    /// Ends the stream because another one of the same node replaces it, or because the node's lease expired.
    void end(String reason);
}
