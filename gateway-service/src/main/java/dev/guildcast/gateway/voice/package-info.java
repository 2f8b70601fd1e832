/// The seam to voice-signaling: op 4 goes there directly. Calls are begun on event loops and answered on gRPC's
/// threads.
@NullMarked
package dev.guildcast.gateway.voice;

import org.jspecify.annotations.NullMarked;
