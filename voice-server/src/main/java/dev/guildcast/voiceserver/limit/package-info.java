/// Rate limits and load shedding.
///
/// Each object belongs to the media loop; time is handed in and monotonic.
@NullMarked
package dev.guildcast.voiceserver.limit;

import org.jspecify.annotations.NullMarked;
