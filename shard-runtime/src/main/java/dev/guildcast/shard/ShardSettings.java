package dev.guildcast.shard;

import java.time.Duration;

/// Bounds and periods of a shard's process.
///
/// @param checkpointEvery time between checkpoints; shorter means a faster restore and more writes
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
        if (inFlightMax < 1 || outboxBytesMax < 1 || checkpointBytes < 1) {
            throw new IllegalArgumentException("bounds must be positive");
        }
    }

    private static final Duration COALESCE = Duration.ofMillis(250);

    /// For guild and user shards.
    public static ShardSettings guildDefaults() {
        return new ShardSettings(
                Duration.ofSeconds(5),
                16L << 20,
                Duration.ofSeconds(2),
                Duration.ofMillis(400),
                1_000,
                32L << 20,
                COALESCE);
    }

    /// For session shards: checkpoints less often, since rings are large.
    public static ShardSettings sessionDefaults() {
        return new ShardSettings(
                Duration.ofSeconds(15),
                32L << 20,
                Duration.ofSeconds(2),
                Duration.ofMillis(400),
                1_000,
                32L << 20,
                COALESCE);
    }
}
