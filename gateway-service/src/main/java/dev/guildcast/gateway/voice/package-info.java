/// The client of voice-signaling, which receives op 4 directly. Calls are started on event loops and complete on gRPC's
/// threads.
@NullMarked
package dev.guildcast.gateway.voice;

import org.jspecify.annotations.NullMarked;
