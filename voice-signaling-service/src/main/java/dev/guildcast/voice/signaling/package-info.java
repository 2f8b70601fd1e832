/// What becomes of a wish to speak: op 4 in, events out; voice servers that come, fill, drain and die.
///
/// Everything that holds state runs on one thread, the voice loop; its inlets hand over and return at once. What is
/// done for one guild is done in order, one after the other.
@NullMarked
package dev.guildcast.voice.signaling;

import org.jspecify.annotations.NullMarked;
