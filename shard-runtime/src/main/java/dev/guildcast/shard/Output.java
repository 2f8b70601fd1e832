package dev.guildcast.shard;

import dev.guildcast.shard.v1.Origin;

/// One record for another shard, encoded when a live owner sends it.
///
/// Its position and target are fixed when it is emitted. [#encode] may fill in presences, so a duplicate may contain
/// other ones. Called on the shard's loop, once for each time it is sent.
@FunctionalInterface
public interface Output {
    /// Encodes the whole record with this origin.
    byte[] encode(Origin origin);

    /// Estimated bytes of the encoded record and of the objects that it keeps, for the outbox's bound; the default is
    /// that of a record of a few fields, with its origin and the entry that holds it.
    default int sizeEstimate() {
        return 256;
    }
}
