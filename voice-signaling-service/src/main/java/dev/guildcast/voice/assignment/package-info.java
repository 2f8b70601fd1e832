/// Who is in which voice channel, and the server of each guild: in memory, and in a store that other instances read.
///
/// Memory belongs to the voice loop; store calls are started from it and are asynchronous.
@NullMarked
package dev.guildcast.voice.assignment;

import org.jspecify.annotations.NullMarked;
