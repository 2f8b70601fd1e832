/// The WebFlux and Netty edge: upgrades, frames on the wire, admission, drain.
///
/// A connection's socket runs on the event loop of its channel. Only this package knows Netty.
@NullMarked
package dev.guildcast.gateway.socket;

import org.jspecify.annotations.NullMarked;
