package dev.guildcast.shard.process;

import dev.guildcast.contract.ShardId;

/// Which run of a shard in which process this is.
///
/// @param nonce drawn at random for each incarnation, by which claims and the owner's commands name it
/// @param node id of the process, for people who read the log
public record IncarnationId(ShardId shard, long nonce, String node) {}
