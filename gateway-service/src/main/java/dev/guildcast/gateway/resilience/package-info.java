/// The guards of calls to services whose failure clients must not notice, with the metric and the log of their circuit
/// breakers.
///
/// Safe for use from any thread; nothing blocks.
@NullMarked
package dev.guildcast.gateway.resilience;

import org.jspecify.annotations.NullMarked;
