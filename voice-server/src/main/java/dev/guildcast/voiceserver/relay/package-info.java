/// From a datagram that came in to those that go out: whose is it, is it genuine and new, who may be sent it.
///
/// All of it runs on the media loop, packet by packet, and blocks nowhere. Nothing is decoded.
@NullMarked
package dev.guildcast.voiceserver.relay;

import org.jspecify.annotations.NullMarked;
