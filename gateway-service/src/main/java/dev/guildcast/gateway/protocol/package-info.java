/// The tables of the client protocol: opcodes, close codes and what a client may say.
///
/// Values only: stateless, callable from any thread.
@NullMarked
package dev.guildcast.gateway.protocol;

import org.jspecify.annotations.NullMarked;
