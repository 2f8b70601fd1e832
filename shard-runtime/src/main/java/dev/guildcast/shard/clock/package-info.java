/// Time that no step of the machine's wall clock changes. Safe on any thread.
@NullMarked
package dev.guildcast.shard.clock;

import org.jspecify.annotations.NullMarked;
