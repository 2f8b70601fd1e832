/// Guards what changes something through the actuator: it takes an operator's credential.
///
/// Runs on the event loops of the actuator's server, never blocks, and has no state.
@NullMarked
package dev.guildcast.gateway.operation;

import org.jspecify.annotations.NullMarked;
