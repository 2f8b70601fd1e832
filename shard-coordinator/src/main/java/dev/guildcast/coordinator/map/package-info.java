/// The shard map and its publication to watchers.
///
/// Built on the replica's loop; watchers are served from gRPC threads.
@NullMarked
package dev.guildcast.coordinator.map;

import org.jspecify.annotations.NullMarked;
