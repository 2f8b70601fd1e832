/// The ports through which a shard process reads its log, writes to others, and checkpoints. Adapters say on which
/// thread they call back.
@NullMarked
package dev.guildcast.shard.storage;

import org.jspecify.annotations.NullMarked;
