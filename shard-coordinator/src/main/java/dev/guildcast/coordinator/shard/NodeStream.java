package dev.guildcast.coordinator.shard;

import dev.guildcast.shard.v1.Directive;

/// A node's open registration, as the leader sees it.
interface NodeStream {
    /// Sends a directive; never blocks. A stream that is gone drops it.
    void direct(Directive directive);

    /// Ends the stream because this replica leads no more.
    void depose();

    /// Ends the stream because another of the same node has taken its place, or the node is counted dead.
    void end(String why);
}
