/// Which sessions are alive and what they last said: in memory, and in a store that other instances and a restarted one
/// read.
///
/// Memory belongs to the presence loop. The store is called from that loop, never waited for, and may be away: nothing
/// here blocks.
@NullMarked
package dev.guildcast.presence.liveness;

import org.jspecify.annotations.NullMarked;
