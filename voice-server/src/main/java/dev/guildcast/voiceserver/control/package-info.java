/// The interface by which rooms and participants are managed, and the liveness probe. It has no network of its own.
///
/// Calls come from any thread; the media loop carries them out, between packets, and answers.
@NullMarked
package dev.guildcast.voiceserver.control;

import org.jspecify.annotations.NullMarked;
