/// Encoding, decoding and compression of frames. Everything here runs on the connection's event loop.
@NullMarked
package dev.guildcast.gateway.codec;

import org.jspecify.annotations.NullMarked;
