/// This process as a node: which session shards run here, how they fare, and whether it is ready.
///
/// Wiring, health and operations. Shards run on the runtime's loops; what is here only starts, asks and stops.
@NullMarked
package dev.guildcast.session.node;

import org.jspecify.annotations.NullMarked;
