package dev.guildcast.shard;

import dev.guildcast.contract.ShardId;
import java.time.Duration;

/// Bounds and intervals of a shard's process.
///
/// @param checkpointEvery time between checkpoints; shorter means a faster restore and more writes
/// @param firstCheckpointAfter time from the claim to the first checkpoint: it spreads the checkpoints of shards that
///     were claimed together, which would otherwise all be written at the same moment
/// @param idleCheckpointEvery time between checkpoints while the log receives nothing but checkpoint markers; served
///     time advances by the markers, and a log that is trimmed past its last checkpoint cannot be restored
/// @param checkpointBytes bytes applied after which a checkpoint is taken before its interval ends
/// @param logEndMaxAge how old the last log end that was reached may be while live; longer tolerates slower brokers,
///     and lets an owner that is cut off serve longer
/// @param logEndFetchEvery time between fetches of the log's end; at most a third of `logEndMaxAge`, so that one lost
///     fetch does not end liveness
/// @param inFlightMax records sent and not yet acknowledged
/// @param outboxBytesMax bytes queued for sending above which an owner stops applying until they are sent; above a
///     quarter of them the ephemeral lane counts as congested
/// @param coalesceWindow how long an ephemeral record with a key waits for a newer one: longer delivers fewer presences
///     of users who change theirs often, and delays all presences and the typing events behind them
public record ShardSettings(
        Duration checkpointEvery,
        Duration firstCheckpointAfter,
        Duration idleCheckpointEvery,
        long checkpointBytes,
        Duration logEndMaxAge,
        Duration logEndFetchEvery,
        int inFlightMax,
        long outboxBytesMax,
        Duration coalesceWindow) {

    public ShardSettings {
        if (logEndFetchEvery.multipliedBy(3).compareTo(logEndMaxAge) > 0) {
            throw new IllegalArgumentException("logEndFetchEvery " + logEndFetchEvery
                    + " (expected: at most a third of logEndMaxAge, " + logEndMaxAge + ")");
        }
        if (firstCheckpointAfter.compareTo(checkpointEvery) > 0 || idleCheckpointEvery.compareTo(checkpointEvery) < 0) {
            throw new IllegalArgumentException("checkpointEvery " + checkpointEvery
                    + " (expected: at least firstCheckpointAfter, " + firstCheckpointAfter
                    + ", at most idleCheckpointEvery, " + idleCheckpointEvery + ")");
        }
        if (inFlightMax < 1 || outboxBytesMax < 1 || checkpointBytes < 1) {
            throw new IllegalArgumentException("inFlightMax " + inFlightMax + ", outboxBytesMax " + outboxBytesMax
                    + ", checkpointBytes " + checkpointBytes + " (expected: each at least 1)");
        }
    }

    /// Multiples of it, modulo 1, are spread evenly however many there are (Fibonacci hashing).
    private static final double GOLDEN_RATIO = 0.618_033_988_749_895;
    /// Below what a person notices in a list of members, and enough to merge the bursts of a reconnecting client.
    private static final Duration COALESCE_WINDOW = Duration.ofMillis(250);

    /// For guild and user shards.
    ///
    /// A checkpoint every 5 s or 16 MiB bounds the log that a restore replays. A log end of at most 2 s bounds how
    /// long an owner that is cut off serves, and tolerates four lost fetches of 400 ms. 1000 records in flight let
    /// the producer batch while appends are awaited; an outbox of 32 MiB bounds the heap of a shard whose targets
    /// are slow.
    public static ShardSettings guildDefaults(ShardId shard) {
        var every = Duration.ofSeconds(5);
        return new ShardSettings(
                every,
                spread(shard, every),
                Duration.ofMinutes(1),
                16L << 20,
                Duration.ofSeconds(2),
                Duration.ofMillis(400),
                1_000,
                32L << 20,
                COALESCE_WINDOW);
    }

    /// For session shards: checkpoints less often, since resume rings are large, and at the same interval when idle,
    /// since served time advances by the checkpoint markers. The other values are as for guild shards.
    public static ShardSettings sessionDefaults(ShardId shard) {
        var every = Duration.ofSeconds(15);
        return new ShardSettings(
                every,
                spread(shard, every),
                every,
                32L << 20,
                Duration.ofSeconds(2),
                Duration.ofMillis(400),
                1_000,
                32L << 20,
                COALESCE_WINDOW);
    }

    /// A part of `every` that is far apart for shards of one kind with neighbouring indexes.
    private static Duration spread(ShardId shard, Duration every) {
        double fraction = (shard.index() * GOLDEN_RATIO + shard.kind().ordinal() / 3.0) % 1;
        return Duration.ofMillis((long) (every.toMillis() * (1 - fraction)));
    }
}
