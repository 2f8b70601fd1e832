/// Classification of datagrams by their first bytes, and their headers, read in place.
///
/// Pure functions over buffers: they allocate nothing, move no position, and check every length before they read.
@NullMarked
package dev.guildcast.voiceserver.packet;

import org.jspecify.annotations.NullMarked;
