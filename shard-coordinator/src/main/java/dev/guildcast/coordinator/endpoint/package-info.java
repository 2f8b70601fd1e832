/// The gRPC edge of the coordinator: nodes' reports come in, directives and the shard map go out.
///
/// Calls arrive on gRPC threads and are handed to the replica's loop; streams are written from it.
@NullMarked
package dev.guildcast.coordinator.endpoint;

import org.jspecify.annotations.NullMarked;
