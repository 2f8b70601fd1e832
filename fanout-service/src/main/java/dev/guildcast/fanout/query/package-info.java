/// Answers questions about guilds from the live owner of their shard.
///
/// A question comes on a gRPC thread, is answered on the shard's loop, and never changes anything.
@NullMarked
package dev.guildcast.fanout.query;

import org.jspecify.annotations.NullMarked;
