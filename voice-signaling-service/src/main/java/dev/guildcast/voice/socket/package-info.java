/// The WebSocket port of the voice gateway.
///
/// Netty's event loops; each message is handed to the voice loop before the next is read.
@NullMarked
package dev.guildcast.voice.socket;

import org.jspecify.annotations.NullMarked;
