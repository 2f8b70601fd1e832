package dev.guildcast.shard;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The meaning of one log: a deterministic function of checkpoint and records.
///
/// - **Owner:** the shard's loop; no other thread calls in.
/// - **Promise:** the same records give the same state and the same outputs in every process. No clock, no
///   randomness, no hash order, no remote call.
///
/// A record that cannot be applied is refused by throwing *before the first change of state*: it goes to the dead
/// letters, its staged outputs are discarded, and the log goes on. Repeats and gaps of other shards' records are told
/// apart before the machine sees them.
///
/// @param <R> the log's record
public interface ShardMachine<R> {
    /// Applies one durable record. Claims and checkpoint marks are the runtime's own and never come here.
    void apply(R record, RecordContext at, Outputs out);

    /// Applies one record of the ephemeral lane against the view as it is, without changing it. Only a live owner's
    /// machine is asked, and only where its kind of shard has such a lane.
    default void applyEphemeral(R record, RecordContext at, Outputs out) {
        throw new UnsupportedOperationException("no ephemeral lane");
    }

    /// What an ephemeral record is the newest word on, such as a user's presence: of those with equal keys that come
    /// within a moment only the last is applied. Null for one that stands for itself.
    default @Nullable Object ephemeralKey(R record) {
        return null;
    }

    /// A newer ephemeral record of the same key is applied instead of this one.
    default void skipEphemeral(R record, RecordContext at) {}

    /// An ephemeral-lane output of another shard reached this log and is neither a repeat nor of an old view.
    /// By default it is applied like any other record.
    default void applyFromEphemeral(R record, RecordContext at, Outputs out) {
        apply(record, at, out);
    }

    /// The owner's marks pass by, by log timestamp: [dev.guildcast.shard.v1.Claim] and `Checkpointed` records of
    /// valid owners. Served time passes from mark to mark.
    default void onOwnerMark(RecordContext at) {}

    /// One entity of the checkpoint, in no particular order, before anything is applied.
    void restore(String key, byte[] value);

    /// All entities were given; derived state may be built.
    default void onRestored() {}

    /// Entities changed since the last call, encoded as they are now; null for those that are gone. Keys are at most
    /// 200 characters, and never start with `#`, which is the runtime's.
    Map<String, byte @Nullable []> drainTouched();
}
