package dev.guildcast.gateway.link;

/// Identifies one connection's session in messages to session hosts.
///
/// @param handle of the session, unique within this gateway
/// @param attachId of the connection, random and never 0
/// @param shard the session shard, which follows from the user
record SessionKey(long handle, long attachId, long userId, int shard) {}
