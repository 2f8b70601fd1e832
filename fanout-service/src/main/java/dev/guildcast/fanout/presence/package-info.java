/// The last known presences of a shard's users: cache, loader, and the source they are loaded from.
///
/// On the shard's loop, except for the calls to the presence service.
@NullMarked
package dev.guildcast.fanout.presence;

import org.jspecify.annotations.NullMarked;
