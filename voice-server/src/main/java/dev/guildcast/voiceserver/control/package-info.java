/// The way in for whoever decides which rooms there are and who is in them. It has no network of its own.
///
/// Calls come from any thread; the media loop carries them out, between packets, and answers.
@NullMarked
package dev.guildcast.voiceserver.control;

import org.jspecify.annotations.NullMarked;
