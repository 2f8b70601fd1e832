/// What services that use Redis share.
@NullMarked
package dev.guildcast.shard.redis;

import org.jspecify.annotations.NullMarked;
