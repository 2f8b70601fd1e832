/// Processes the beats of session hosts: updates the users in memory, requests missing states, answers lookups.
///
/// [PresenceTracker] runs on one thread, the presence loop. Endpoint and consumer hand over to it and return at once; a
/// host's next batch is read only when its last one was processed, so nothing piles up.
@NullMarked
package dev.guildcast.presence.beat;

import org.jspecify.annotations.NullMarked;
