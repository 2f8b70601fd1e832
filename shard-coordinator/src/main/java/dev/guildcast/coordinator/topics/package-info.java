/// The topics of one installation: planned, created if missing, rejected if different.
///
/// On the replica's loop; nothing here holds state.
@NullMarked
package dev.guildcast.coordinator.topics;

import org.jspecify.annotations.NullMarked;
