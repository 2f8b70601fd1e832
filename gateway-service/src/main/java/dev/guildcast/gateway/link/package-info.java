/// The link to session hosts: one stream per host, and for each connection a session that is attached to whichever host
/// owns it now.
///
/// A session runs on its connection's event loop. Streams call back on gRPC's threads, which hand over at once; nothing
/// here blocks either of them.
@NullMarked
package dev.guildcast.gateway.link;

import org.jspecify.annotations.NullMarked;
