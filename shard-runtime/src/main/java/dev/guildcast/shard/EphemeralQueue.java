package dev.guildcast.shard;

import dev.guildcast.shard.v1.Lane;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Records of the ephemeral lane, in the lane's order, until they are applied, skipped or dropped.
///
/// A record with a key waits for the window to pass; if another with the same key comes meanwhile, it is skipped: of
/// ten presences of one user in a moment the last is told. What has no key is applied as soon as it is the first.
/// Nothing overtakes: readers take what is older than the newest they saw for a repeat. While the logs behind are slow,
/// what has a key waits on, and what has none is dropped.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** [#RECORDS_MAX] and [#BYTES_MAX]; what comes then pushes the first out before its time.
///
/// @param <R> the log's record
final class EphemeralQueue<R> {
    static final int RECORDS_MAX = 4_096;
    static final long BYTES_MAX = 8 << 20;
    private static final int SHARE_OF_OUTBOX = 4;

    private record Waiting<R>(
            R record, RecordContext at, @Nullable Object key, long untilNanos, int bytes) {}

    private final ShardMachine<R> machine;
    private final Staging staging;
    private final Outbox outbox;
    private final ShardCounters counters;
    private final long windowNanos;
    private final long outboxBytesMax;
    private final ArrayDeque<Waiting<R>> waiting = new ArrayDeque<>();
    private final Map<Object, Waiting<R>> newest = new HashMap<>();
    private long waitingBytes;

    EphemeralQueue(
            ShardMachine<R> machine, Staging staging, Outbox outbox, ShardCounters counters, ShardSettings settings) {
        this.machine = machine;
        this.staging = staging;
        this.outbox = outbox;
        this.counters = counters;
        this.windowNanos = settings.coalesceWithin().toNanos();
        this.outboxBytesMax = settings.outboxBytesMax() / SHARE_OF_OUTBOX;
    }

    /// Takes the newest record of the lane.
    ///
    /// @param bytes of the record in the log
    void add(R record, RecordContext at, int bytes, long nowNanos) {
        var key = machine.ephemeralKey(record);
        var before = key == null ? null : newest.get(key);
        // Whoever changes theirs all the time is told once a window, not never.
        long until = before == null ? nowNanos + windowNanos : before.untilNanos;
        var last = new Waiting<>(record, at, key, until, bytes);
        waiting.add(last);
        waitingBytes += bytes;
        if (key != null) {
            newest.put(key, last);
        }
    }

    /// Serves those whose turn has come.
    ///
    /// @param position of the shard's own log, by which their outputs are settled
    void serve(long nowNanos, long position) {
        for (Waiting<R> first; (first = waiting.peek()) != null; ) {
            boolean skipped = first.key != null && newest.get(first.key) != first;
            boolean slow = outbox.waitingBytes() > outboxBytesMax;
            boolean waits = first.key != null && (slow || nowNanos - first.untilNanos < 0);
            boolean full = waiting.size() > RECORDS_MAX || waitingBytes > BYTES_MAX;
            if (waits && !skipped && !full) {
                return;
            }
            waiting.remove();
            waitingBytes -= first.bytes;
            if (skipped) {
                skip(first);
                continue;
            }
            if (first.key != null) {
                newest.remove(first.key);
            }
            if (slow) {
                counters.onEphemeralDropped();
            } else {
                apply(first, position);
            }
        }
    }

    private void skip(Waiting<R> next) {
        counters.onEphemeralCoalesced();
        try {
            machine.skipEphemeral(next.record, next.at);
        } catch (RuntimeException e) {
            counters.onDeadLetter();
        }
    }

    private void apply(Waiting<R> next, long position) {
        staging.begin(next.at, Lane.EPHEMERAL);
        try {
            machine.applyEphemeral(next.record, next.at, staging);
            staging.publish(position);
        } catch (RuntimeException e) {
            staging.discard();
            counters.onDeadLetter();
        }
    }
}
