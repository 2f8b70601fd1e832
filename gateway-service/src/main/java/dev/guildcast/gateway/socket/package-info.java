/// The WebFlux and Netty edge: upgrades, reading and writing of frames, admission, drain.
///
/// A connection's socket runs on the event loop of its channel. Only this package depends on
/// Netty.
@NullMarked
package dev.guildcast.gateway.socket;

import org.jspecify.annotations.NullMarked;
