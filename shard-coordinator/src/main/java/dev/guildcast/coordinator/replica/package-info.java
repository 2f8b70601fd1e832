/// One coordinator process: follows the decisions of the leader, or leads.
///
/// State belongs to the replica's loop.
@NullMarked
package dev.guildcast.coordinator.replica;

import org.jspecify.annotations.NullMarked;
