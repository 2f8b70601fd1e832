/// Handles op 4, closed sessions, backend changes and voice servers, and publishes the resulting events.
///
/// Everything that holds state runs on one thread, the voice loop; endpoint and consumers hand over to it. The tasks of
/// one guild run in order, one after the other.
@NullMarked
package dev.guildcast.voice.signaling;

import org.jspecify.annotations.NullMarked;
