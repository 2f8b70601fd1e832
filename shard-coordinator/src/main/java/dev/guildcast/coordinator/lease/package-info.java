/// Which nodes give a sign of life. A lease is no right to anything: that is the claim in a shard's log.
///
/// On the replica's loop, while it leads.
@NullMarked
package dev.guildcast.coordinator.lease;

import org.jspecify.annotations.NullMarked;
