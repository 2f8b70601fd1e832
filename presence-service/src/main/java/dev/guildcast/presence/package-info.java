/// What a user's presence is: the states of their sessions and the one presence others are shown.
///
/// Values and pure functions only; safe on any thread.
@NullMarked
package dev.guildcast.presence;

import org.jspecify.annotations.NullMarked;
