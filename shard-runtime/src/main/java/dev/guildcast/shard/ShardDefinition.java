package dev.guildcast.shard;

/// One shard to run: its log's codec, its state machine, and its listener.
///
/// @param ephemeralLane whether a live owner also consumes the ephemeral log of the same index
public record ShardDefinition<R, A>(
        RecordCodec<R> codec, ShardMachine<R, A> machine, ShardListener<R, A> listener, boolean ephemeralLane) {}
