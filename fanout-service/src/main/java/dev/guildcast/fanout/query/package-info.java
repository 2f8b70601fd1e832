/// Answers queries about guilds from the live owner of their shard.
///
/// A query arrives on a gRPC thread, runs on the shard's loop, and never changes anything.
@NullMarked
package dev.guildcast.fanout.query;

import org.jspecify.annotations.NullMarked;
