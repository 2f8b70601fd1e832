/// The connection of a client: its state, registry, slow consumer policy and session listener, and the sweeper that
/// closes overdue connections.
///
/// A connection belongs to its event loop. The registry may be used from any thread, the sweeper has a thread of its
/// own.
@NullMarked
package dev.guildcast.gateway.connection;

import org.jspecify.annotations.NullMarked;
