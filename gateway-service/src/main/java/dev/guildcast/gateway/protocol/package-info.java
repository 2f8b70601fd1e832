/// The client protocol: opcodes, close codes and the payloads that clients send.
///
/// Values only: stateless, callable from any thread.
@NullMarked
package dev.guildcast.gateway.protocol;

import org.jspecify.annotations.NullMarked;
