/// Which sessions are alive and their last states: in memory, and in a store that other instances read and that
/// survives a restart.
///
/// Memory belongs to the presence loop. Store calls are started from that loop and are asynchronous: nothing here
/// blocks, whether or not the store is available.
@NullMarked
package dev.guildcast.presence.liveness;

import org.jspecify.annotations.NullMarked;
