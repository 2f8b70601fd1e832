package dev.guildcast.shard.process;

import dev.guildcast.shard.RecordContext;
import dev.guildcast.shard.ShardCounters;
import dev.guildcast.shard.ShardMachine;
import dev.guildcast.shard.ShardSettings;
import dev.guildcast.shard.v1.Lane;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Records of the ephemeral lane, in the lane's order, until they are applied, superseded or dropped.
///
/// A record with a key is held for the coalescing window; a newer one with the same key supersedes it, so that of ten
/// presences of one user within the window only the last is delivered. A record without a key is applied as soon as it
/// is at the head. Order is kept: readers treat a record with a lower offset than the newest accepted one as a
/// duplicate. While the outbox is congested, records with a key stay queued and those without one are dropped.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** [#RECORDS_MAX] and [#BYTES_MAX]; above either, the head is applied before its window ends.
///
/// @param <R> the log's record
final class EphemeralQueue<R> {
    /// Records queued: about 16 000 presences a second of one shard for the default window of 250 ms.
    static final int RECORDS_MAX = 4_096;
    /// Bytes queued, 8 MiB: 2 KB for each of the records at their bound, which is a presence with activities.
    static final long BYTES_MAX = 8 << 20;
    /// The lane counts as congested when a quarter of the outbox is full: the rest is left to durable records.
    private static final int OUTBOX_SHARE = 4;

    private record QueuedRecord<R>(
            R record, RecordContext context, @Nullable Object key, long dueNanos, int bytes) {}

    private final ShardMachine<R, ?> machine;
    private final StagedOutputs stagedOutputs;
    private final Outbox outbox;
    private final ShardCounters counters;
    private final long coalesceWindowNanos;
    private final long outboxBytesMax;
    private final ArrayDeque<QueuedRecord<R>> queued = new ArrayDeque<>();
    private final Map<Object, QueuedRecord<R>> newestByKey = new HashMap<>();
    private long queuedBytes;

    EphemeralQueue(
            ShardMachine<R, ?> machine,
            StagedOutputs stagedOutputs,
            Outbox outbox,
            ShardCounters counters,
            ShardSettings settings) {
        this.machine = machine;
        this.stagedOutputs = stagedOutputs;
        this.outbox = outbox;
        this.counters = counters;
        this.coalesceWindowNanos = settings.coalesceWindow().toNanos();
        this.outboxBytesMax = settings.outboxBytesMax() / OUTBOX_SHARE;
    }

    /// Adds the next record of the lane.
    ///
    /// @param bytes of the record in the log
    void add(R record, RecordContext context, int bytes, long nowNanos) {
        var key = machine.coalescingKey(record);
        var previous = key == null ? null : newestByKey.get(key);
        // A successor inherits the due time: a key that changes constantly is applied once per window, not never.
        long dueNanos = previous == null ? nowNanos + coalesceWindowNanos : previous.dueNanos;
        var queuedRecord = new QueuedRecord<>(record, context, key, dueNanos, bytes);
        queued.add(queuedRecord);
        queuedBytes += bytes;
        if (key != null) {
            newestByKey.put(key, queuedRecord);
        }
    }

    /// Applies the records that are due.
    ///
    /// @param position in the shard's own log that no checkpoint may pass before their outputs are acknowledged
    void applyDue(long nowNanos, long position) {
        for (QueuedRecord<R> first; (first = queued.peek()) != null; ) {
            boolean superseded = first.key != null && newestByKey.get(first.key) != first;
            boolean congested = outbox.queuedBytes() > outboxBytesMax;
            boolean mustWait = first.key != null && (congested || nowNanos - first.dueNanos < 0);
            boolean full = queued.size() > RECORDS_MAX || queuedBytes > BYTES_MAX;
            if (mustWait && !superseded && !full) {
                return;
            }
            queued.remove();
            queuedBytes -= first.bytes;
            if (superseded) {
                skip(first);
                continue;
            }
            if (first.key != null) {
                newestByKey.remove(first.key);
            }
            if (congested) {
                counters.onEphemeralDropped();
            } else {
                apply(first, position);
            }
        }
    }

    private void skip(QueuedRecord<R> next) {
        counters.onEphemeralCoalesced();
        try {
            machine.skipEphemeral(next.record, next.context);
        } catch (RuntimeException e) {
            counters.onDeadLetter();
        }
    }

    private void apply(QueuedRecord<R> next, long position) {
        stagedOutputs.begin(next.context, Lane.EPHEMERAL);
        try {
            machine.applyEphemeral(next.record, next.context, stagedOutputs);
            stagedOutputs.deadLetters().forEach(reason -> counters.onDeadLetter());
            stagedOutputs.commit(position);
        } catch (RuntimeException e) {
            stagedOutputs.discard();
            counters.onDeadLetter();
        }
    }
}
