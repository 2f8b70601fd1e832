/// The thread that owns the state of voice signaling, and the order of each guild's tasks on it.
@NullMarked
package dev.guildcast.voice.loop;

import org.jspecify.annotations.NullMarked;
