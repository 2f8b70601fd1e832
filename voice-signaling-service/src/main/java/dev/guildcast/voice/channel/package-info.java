/// Who is in voice where, and which server carries each guild: in memory, and in a store that other instances read.
///
/// Memory belongs to the voice loop; the store is called from it and never waited for.
@NullMarked
package dev.guildcast.voice.channel;

import org.jspecify.annotations.NullMarked;
