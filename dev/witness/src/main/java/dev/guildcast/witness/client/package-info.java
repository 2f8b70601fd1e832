/// Two kinds of client that write down all they get: one of plain WebSocket frames, and an unmodified JDA.
///
/// The raw client works on its socket's callbacks, one at a time, and on one scheduler thread for beats and new
/// attempts; JDA on its own threads. Both only add to their [dev.guildcast.witness.Recording].
@NullMarked
package dev.guildcast.witness.client;

import org.jspecify.annotations.NullMarked;
