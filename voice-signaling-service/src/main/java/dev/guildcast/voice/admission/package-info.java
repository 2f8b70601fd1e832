/// What a guild's own view says of a user who wants to speak there.
///
/// Asynchronous; nothing here waits.
@NullMarked
package dev.guildcast.voice.admission;

import org.jspecify.annotations.NullMarked;
