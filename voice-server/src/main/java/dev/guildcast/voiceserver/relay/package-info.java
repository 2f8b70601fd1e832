/// The path of a datagram: attribute it to a participant, authenticate it, check it for replay, forward it.
///
/// All of it runs on the media loop, packet by packet, and blocks nowhere. Nothing is decoded.
@NullMarked
package dev.guildcast.voiceserver.relay;

import org.jspecify.annotations.NullMarked;
