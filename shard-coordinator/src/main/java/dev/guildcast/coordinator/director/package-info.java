/// Decides which node runs which shard: directives, transitions between owners, moves and drains.
///
/// Plain state machines without I/O; all calls come from the leader's loop.
@NullMarked
package dev.guildcast.coordinator.director;

import org.jspecify.annotations.NullMarked;
