/// Two kinds of client that record all they receive: one of raw WebSocket frames, and an unmodified JDA.
///
/// The raw client works on its socket's callbacks, one at a time, and on one scheduler thread for heartbeats and
/// reconnects; JDA on its own threads. Both only add to their [dev.guildcast.witness.Recording].
@NullMarked
package dev.guildcast.witness.client;

import org.jspecify.annotations.NullMarked;
