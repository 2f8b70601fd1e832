package dev.guildcast.shard;

import dev.guildcast.shard.v1.Origin;

/// One record for another shard, encoded when a live owner sends it.
///
/// Place, count and target are fixed when it is staged; what shows presence may be filled in by [#encode], so a repeat
/// may show other presences. Called on the shard's loop, once for each time it is sent.
@FunctionalInterface
public interface Output {
    /// The whole record with this origin.
    byte[] encode(Origin origin);

    /// About how many bytes the encoded record and what it holds have, for the outbox's bound.
    default int sizeEstimate() {
        return 256;
    }
}
