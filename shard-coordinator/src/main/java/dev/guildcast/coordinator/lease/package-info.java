/// Which nodes are alive. A lease grants no ownership: that is the claim in a shard's log.
///
/// On the replica's loop, while it leads.
@NullMarked
package dev.guildcast.coordinator.lease;

import org.jspecify.annotations.NullMarked;
