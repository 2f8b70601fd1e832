/// This process as a node: which session shards run here, their status, and whether the process is ready.
///
/// Wiring, health and operations. Shards run on the runtime's loops; this package starts, queries and stops them.
@NullMarked
package dev.guildcast.session.node;

import org.jspecify.annotations.NullMarked;
