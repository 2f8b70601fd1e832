/// What session hosts say of their sessions, and what becomes of it: beats in, questions for missing states back,
/// lookups answered.
///
/// [Presences] lives on one thread, the presence loop. Its inlets hand over and return at once; a host's stream is read
/// on only when its last batch was taken in, so nothing piles up.
@NullMarked
package dev.guildcast.presence.beat;

import org.jspecify.annotations.NullMarked;
