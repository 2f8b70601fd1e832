/// The event catalogue: what each event that a backend publishes means for fan-out, and how it becomes records.
///
/// One table says for each type who may be told, under which intents and permissions, in which lane, and what it
/// changes in a guild's view. Everything here is stateless and may be called from any thread; nothing blocks.
@NullMarked
package dev.guildcast.contract.catalogue;

import org.jspecify.annotations.NullMarked;
