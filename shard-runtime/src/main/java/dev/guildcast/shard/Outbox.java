package dev.guildcast.shard;

import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.v1.Lane;
import dev.guildcast.shard.v1.Origin;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// What a shard has to tell others, in order: kept back by a follower, sent by an owner.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** an owner has `inFlightMax` records on their way and stops applying above `outboxBytesMax`; a
///   follower's is trimmed by the marks of the owner's checkpoints.
/// - **Promise:** records for one target are sent in the order they were staged; nothing after a barrier is sent
///   before everything ahead of it is acknowledged.
final class Outbox {
    private final ShardId self;
    private final int inFlightMax;
    private final Deque<Entry> waiting = new ArrayDeque<>();
    private final Deque<Entry> inFlight = new ArrayDeque<>();
    private long waitingBytes;
    private int unacknowledged;

    Outbox(ShardId self, int inFlightMax) {
        this.self = self;
        this.inFlightMax = inFlightMax;
    }

    /// Adds an output caused by the record at `cause`.
    void add(long cause, ShardId target, Output output, Lane lane, Mark at, Mark previous, long publishedMillis) {
        var origin = Origin.newBuilder()
                .setKind(self.protoKind())
                .setShard(self.index())
                .setLane(lane)
                .setOffset(at.offset())
                .setIndex(at.index())
                .setPrevOffset(previous.offset())
                .setPrevIndex(previous.index())
                .setPublishedMillis(publishedMillis)
                .build();
        var entry = new Entry(cause, target, output, origin);
        waiting.add(entry);
        waitingBytes += entry.bytes();
    }

    void addBarrier(long cause) {
        waiting.add(new Entry(cause, null, null, null));
    }

    /// Sends as much as may be on its way.
    void pump(Sink sink) {
        while (unacknowledged < inFlightMax) {
            var entry = waiting.peek();
            if (entry == null || entry.isBarrier() && unacknowledged > 0) {
                return;
            }
            waiting.remove();
            waitingBytes -= entry.bytes();
            if (entry.target != null && entry.output != null && entry.origin != null) {
                inFlight.add(entry);
                unacknowledged++;
                sink.send(entry, entry.target, entry.output.encode(entry.origin));
            }
        }
    }

    void onAcknowledged(Entry entry) {
        entry.acknowledged = true;
        unacknowledged--;
        while (!inFlight.isEmpty() && inFlight.peek().acknowledged) {
            inFlight.remove();
        }
    }

    /// Whether every output caused by a record below `offset` is acknowledged.
    boolean settledBelow(long offset) {
        return (waiting.isEmpty() || waiting.peek().cause >= offset)
                && (inFlight.isEmpty() || inFlight.peek().cause >= offset);
    }

    /// Forgets what the owner has sent for good.
    void trimBelow(long offset) {
        while (!waiting.isEmpty() && waiting.peek().cause < offset) {
            waitingBytes -= waiting.remove().bytes();
        }
    }

    long waitingBytes() {
        return waitingBytes;
    }

    int size() {
        return waiting.size() + inFlight.size();
    }

    /// Takes encoded records on their way.
    interface Sink {
        void send(Entry entry, ShardId target, byte[] record);
    }

    /// One output, or a barrier when it has no target.
    static final class Entry {
        private final long cause;
        private final @Nullable ShardId target;
        private final @Nullable Output output;
        private final @Nullable Origin origin;
        private boolean acknowledged;

        private Entry(long cause, @Nullable ShardId target, @Nullable Output output, @Nullable Origin origin) {
            this.cause = cause;
            this.target = target;
            this.output = output;
            this.origin = origin;
        }

        private boolean isBarrier() {
            return target == null;
        }

        private int bytes() {
            return output == null ? 0 : output.sizeEstimate();
        }
    }
}
