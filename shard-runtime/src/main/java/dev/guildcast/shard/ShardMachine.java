package dev.guildcast.shard;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The replicated state machine of one log: its state is a deterministic function of checkpoint and records.
///
/// - **Owner:** the shard's loop; no other thread calls in.
/// - **Promise:** the same records give the same state and the same outputs in every process. No clock, no
///   randomness, no hash order, no remote call.
///
/// A record that cannot be applied is refused by throwing *before the first change of state*: it goes to the dead
/// letters, its staged outputs are discarded, and the next record is applied. Duplicates and gaps of other shards'
/// records are dropped before the machine sees them.
///
/// @param <R> the log's record
/// @param <A> what applying a record did, for listeners; [NoResult] if they need to know nothing
public interface ShardMachine<R, A> {
    /// Applies one durable record. Claims and checkpoint markers are the runtime's own and are never passed here.
    ///
    /// @return what it did; the machine may reuse its parts when the next record is applied
    A apply(R record, RecordContext context, Outputs out);

    /// Applies one record of the ephemeral lane against the current state, without changing it. Called for a live
    /// owner only, and only for kinds of shards that have such a lane.
    default void applyEphemeral(R record, RecordContext context, Outputs out) {
        throw new UnsupportedOperationException("no ephemeral lane");
    }

    /// The key by which ephemeral records supersede each other, such as the user of a presence: of those with equal
    /// keys within the coalescing window only the last is applied. Null for a record that none supersedes.
    default @Nullable Object coalescingKey(R record) {
        return null;
    }

    /// A newer ephemeral record of the same key is applied instead of this one.
    default void skipEphemeral(R record, RecordContext context) {}

    /// Applies an ephemeral output of another shard that is neither a duplicate nor outdated. By default it is applied
    /// like any other record.
    default A applyFromEphemeral(R record, RecordContext context, Outputs out) {
        return apply(record, context, out);
    }

    /// A control record of a valid owner, [dev.guildcast.shard.v1.Claim] or `Checkpointed`, was read. Served time
    /// advances from one to the next by their log timestamps.
    default void onControlRecord(RecordContext context) {}

    /// Restores one entity of the checkpoint; entities come in no particular order, before any record is applied.
    void restore(String key, byte[] value);

    /// All entities are restored; derived state may be built.
    default void onRestored() {}

    /// Entities changed since the last call, encoded as they are now; null for removed ones. Keys are at most 200
    /// characters, and never start with `#`, which is reserved for the runtime.
    Map<String, byte @Nullable []> drainDirty();
}
