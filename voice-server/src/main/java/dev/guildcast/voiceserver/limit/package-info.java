/// Rates that packets must keep, and what is given up when the loop has more to do than it can.
///
/// Each object belongs to the media loop; time is handed in and monotonic.
@NullMarked
package dev.guildcast.voiceserver.limit;

import org.jspecify.annotations.NullMarked;
