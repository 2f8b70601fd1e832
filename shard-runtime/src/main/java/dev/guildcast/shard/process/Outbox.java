package dev.guildcast.shard.process;

import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.Output;
import dev.guildcast.shard.v1.Lane;
import dev.guildcast.shard.v1.Origin;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// Records for other shards' logs, in order: buffered by a follower, sent by an owner.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** an owner has at most `inFlightMax` records in flight and stops applying above `outboxBytesMax`; a
///   follower's outbox is trimmed at each checkpoint of the owner.
/// - **Promise:** records for one target are sent in the order they were staged; nothing after a barrier is sent
///   before everything ahead of it is acknowledged.
final class Outbox {
    private final ShardId source;
    private final int inFlightMax;
    private final Deque<OutboxEntry> queued = new ArrayDeque<>();
    private final Deque<OutboxEntry> inFlight = new ArrayDeque<>();
    private long queuedBytes;
    private int unacknowledged;

    Outbox(ShardId source, int inFlightMax) {
        this.source = source;
        this.inFlightMax = inFlightMax;
    }

    /// Adds an output caused by the record at `causeOffset`.
    void add(
            long causeOffset,
            ShardId target,
            Output output,
            Lane lane,
            OutputPosition position,
            OutputPosition previous,
            long publishedMillis) {
        var origin = Origin.newBuilder()
                .setKind(source.protoKind())
                .setShard(source.index())
                .setLane(lane)
                .setOffset(position.offset())
                .setIndex(position.index())
                .setPrevOffset(previous.offset())
                .setPrevIndex(previous.index())
                .setPublishedMillis(publishedMillis)
                .build();
        var entry = new OutboxEntry(causeOffset, target, output, origin);
        queued.add(entry);
        queuedBytes += entry.bytes();
    }

    void addBarrier(long causeOffset) {
        queued.add(new OutboxEntry(causeOffset, null, null, null));
    }

    /// Sends as many records as may be in flight.
    void pump(Sink sink) {
        while (unacknowledged < inFlightMax) {
            var entry = queued.peek();
            if (entry == null || entry.isBarrier() && unacknowledged > 0) {
                return;
            }
            queued.remove();
            queuedBytes -= entry.bytes();
            if (entry.target != null && entry.output != null && entry.origin != null) {
                inFlight.add(entry);
                unacknowledged++;
                sink.send(entry, entry.target, entry.output.encode(entry.origin));
            }
        }
    }

    void onAcknowledged(OutboxEntry entry) {
        entry.acknowledged = true;
        unacknowledged--;
        while (!inFlight.isEmpty() && inFlight.peek().acknowledged) {
            inFlight.remove();
        }
    }

    /// Whether every output caused by a record below `offset` is acknowledged.
    boolean isAcknowledgedBelow(long offset) {
        return (queued.isEmpty() || queued.peek().causeOffset >= offset)
                && (inFlight.isEmpty() || inFlight.peek().causeOffset >= offset);
    }

    /// Drops outputs that the owner has sent and that its checkpoint covers.
    void trimBelow(long offset) {
        while (!queued.isEmpty() && queued.peek().causeOffset < offset) {
            queuedBytes -= queued.remove().bytes();
        }
    }

    long queuedBytes() {
        return queuedBytes;
    }

    int size() {
        return queued.size() + inFlight.size();
    }

    /// Sends encoded records.
    interface Sink {
        void send(OutboxEntry entry, ShardId target, byte[] record);
    }

    /// One output, or a barrier when it has no target.
    static final class OutboxEntry {
        private final long causeOffset;
        private final @Nullable ShardId target;
        private final @Nullable Output output;
        private final @Nullable Origin origin;
        private boolean acknowledged;

        private OutboxEntry(
                long causeOffset, @Nullable ShardId target, @Nullable Output output, @Nullable Origin origin) {
            this.causeOffset = causeOffset;
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
