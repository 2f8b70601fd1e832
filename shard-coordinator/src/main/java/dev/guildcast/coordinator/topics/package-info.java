/// The topics of one installation: planned, made where missing, refused where different.
///
/// On the replica's loop; nothing here is kept.
@NullMarked
package dev.guildcast.coordinator.topics;

import org.jspecify.annotations.NullMarked;
