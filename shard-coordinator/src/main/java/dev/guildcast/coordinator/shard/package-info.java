/// The seam of the shard map: what nodes report comes in, directives and the map go out.
///
/// [ShardDirector] decides, on the replica's one loop thread, deterministically in what it is told and the time that it
/// is handed. [ShardMapPublisher] serves watchers from any thread. gRPC stays in [GrpcShardEndpoint] and its streams.
@NullMarked
package dev.guildcast.coordinator.shard;

import org.jspecify.annotations.NullMarked;
