/// The voice values: a user's voice state, a voice server, and the service's settings.
///
/// Values only; safe on any thread.
@NullMarked
package dev.guildcast.voice;

import org.jspecify.annotations.NullMarked;
