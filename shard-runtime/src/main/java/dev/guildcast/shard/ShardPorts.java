package dev.guildcast.shard;

import java.util.function.LongSupplier;

/// What one incarnation of a shard reaches the world through.
///
/// @param nanos a monotonic clock
public record ShardPorts(
        RecordSender sender, CheckpointWriter checkpoints, LogEnds ends, DeadLetters deadLetters, LongSupplier nanos) {}
