/// Decides which connection holds which session of a shard: open, attach, detach and client commands.
///
/// [ShardFrontend] handles the messages of all gateways for one incarnation of a shard, on that shard's loop;
/// [HostedShard] hands them over from gRPC's threads. Every change is a record in the log first, and takes effect when
/// it has been applied.
@NullMarked
package dev.guildcast.session.attach;

import org.jspecify.annotations.NullMarked;
