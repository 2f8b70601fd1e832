/// The link to voice-signaling: registers this server, carries out orders about its rooms, answers pings, reports its
/// load.
///
/// Messages are handed over on gRPC's threads and the media loop's; one thread of its own connects and reports. Nothing
/// here blocks.
@NullMarked
package dev.guildcast.voiceserver.link;

import org.jspecify.annotations.NullMarked;
