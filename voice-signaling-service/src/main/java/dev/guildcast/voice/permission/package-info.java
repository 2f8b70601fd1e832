/// Whether a user may join voice, according to the owner of the guild's shard.
///
/// Asynchronous; nothing here blocks.
@NullMarked
package dev.guildcast.voice.permission;

import org.jspecify.annotations.NullMarked;
