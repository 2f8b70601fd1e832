package dev.guildcast.shard.process;

import dev.guildcast.shard.storage.CheckpointWriter;
import dev.guildcast.shard.storage.DeadLetters;
import dev.guildcast.shard.storage.LogEnds;
import dev.guildcast.shard.storage.RecordSender;
import java.util.function.LongSupplier;

/// Everything through which one incarnation of a shard acts on the outside.
///
/// @param nanoTime a monotonic clock
public record ShardPorts(
        RecordSender sender,
        CheckpointWriter checkpoints,
        LogEnds ends,
        DeadLetters deadLetters,
        LongSupplier nanoTime) {}
