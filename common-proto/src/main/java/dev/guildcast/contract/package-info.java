/// What both ends of a contract must compute alike: ids, hashes, topics, intents, permissions, the event catalogue.
///
/// Plain Java: no Spring, no I/O, no clock. Everything here is stateless and may be called from any thread.
@NullMarked
package dev.guildcast.contract;

import org.jspecify.annotations.NullMarked;
