/// What comes in at the UDP port, told apart by its first bytes and read in place.
///
/// Pure functions over buffers: they allocate nothing, move no position, and check every length before they read.
@NullMarked
package dev.guildcast.voiceserver.packet;

import org.jspecify.annotations.NullMarked;
