/// The wire format of the voice gateway: opcodes, close codes, what clients send and what they are sent.
///
/// Pure functions; any thread.
@NullMarked
package dev.guildcast.voice.protocol;

import org.jspecify.annotations.NullMarked;
