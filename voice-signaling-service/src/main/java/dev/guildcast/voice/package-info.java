/// Who is in which voice channel, and what clients are told of it.
///
/// Values only; safe on any thread.
@NullMarked
package dev.guildcast.voice;

import org.jspecify.annotations.NullMarked;
