/// The seam to the hosts of session shards: one stream a host, and for each connection a line to whichever host owns
/// its session now.
///
/// A line runs on its connection's event loop. Streams speak on gRPC's threads and hand over at once; nothing here
/// blocks either of them.
@NullMarked
package dev.guildcast.gateway.link;

import org.jspecify.annotations.NullMarked;
