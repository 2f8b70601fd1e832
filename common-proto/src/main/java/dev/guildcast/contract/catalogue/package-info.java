/// The event catalogue: how each event that a backend publishes is routed, and how it becomes records.
///
/// One table defines for each type its recipients, intents, permissions and lane, and its change of the guild view.
/// Everything here is stateless and may be called from any thread; nothing blocks.
@NullMarked
package dev.guildcast.contract.catalogue;

import org.jspecify.annotations.NullMarked;
