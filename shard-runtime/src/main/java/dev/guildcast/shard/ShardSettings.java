package dev.guildcast.shard;

import dev.guildcast.contract.ShardId;
import java.time.Duration;

/// Bounds and periods of a shard's process.
///
/// @param checkpointEvery time between checkpoints; shorter means a faster restore and more writes
/// @param firstCheckpointAfter time from the claim to the first checkpoint: it sets shards that were claimed together
///     apart, which would otherwise all write at the same moment
/// @param idleCheckpointEvery time between checkpoints while the log holds nothing new but their own marks; served time
///     passes by them, and a log that is trimmed past its last checkpoint cannot be restored
/// @param checkpointBytes bytes applied after which a checkpoint is taken sooner
/// @param proofWithin how old the last proof of having read the log's end may be while live; longer tolerates slower
///     brokers, and lets a cut-off owner serve longer
/// @param proofEvery time between fetches of the log's end; well below `proofWithin`
/// @param inFlightMax records sent and not yet acknowledged
/// @param outboxBytesMax bytes staged for sending above which an owner stops applying until they are sent; above a
///     quarter of them the ephemeral lane gives way
/// @param coalesceWithin how long an ephemeral record with a key waits for a newer one: longer tells fewer presences of
///     those who change theirs often, and everyone's, and typing behind them, later
public record ShardSettings(
        Duration checkpointEvery,
        Duration firstCheckpointAfter,
        Duration idleCheckpointEvery,
        long checkpointBytes,
        Duration proofWithin,
        Duration proofEvery,
        int inFlightMax,
        long outboxBytesMax,
        Duration coalesceWithin) {

    public ShardSettings {
        if (proofEvery.multipliedBy(3).compareTo(proofWithin) > 0) {
            throw new IllegalArgumentException(
                    "proofEvery " + proofEvery + " (expected: at most a third of proofWithin " + proofWithin + ")");
        }
        if (firstCheckpointAfter.compareTo(checkpointEvery) > 0 || idleCheckpointEvery.compareTo(checkpointEvery) < 0) {
            throw new IllegalArgumentException("checkpointEvery " + checkpointEvery
                    + " (expected: at least firstCheckpointAfter, " + firstCheckpointAfter
                    + ", at most idleCheckpointEvery, " + idleCheckpointEvery + ")");
        }
        if (inFlightMax < 1 || outboxBytesMax < 1 || checkpointBytes < 1) {
            throw new IllegalArgumentException("bounds must be positive");
        }
    }

    private static final double GOLDEN_RATIO = 0.618_033_988_749_895;
    private static final Duration COALESCE = Duration.ofMillis(250);

    /// For guild and user shards.
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
                COALESCE);
    }

    /// For session shards: checkpoints less often, since rings are large, and as often when idle, since served time
    /// passes by their marks.
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
                COALESCE);
    }

    /// A part of `every` that differs the more between shards of one kind, the nearer their indexes are.
    private static Duration spread(ShardId shard, Duration every) {
        double part = (shard.index() * GOLDEN_RATIO + shard.kind().ordinal() / 3.0) % 1;
        return Duration.ofMillis((long) (every.toMillis() * (1 - part)));
    }
}
