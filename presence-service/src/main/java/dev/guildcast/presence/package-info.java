/// The presence values: the states of a user's sessions, and the presence merged from them that other users see.
///
/// Values and pure functions only; safe on any thread.
@NullMarked
package dev.guildcast.presence;

import org.jspecify.annotations.NullMarked;
