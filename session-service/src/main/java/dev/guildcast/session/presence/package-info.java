/// Beats: telling presence-service which sessions there are, and what they show.
///
/// Made on shards' loops of live owners; sent by gRPC's threads. Nothing waits for the other side.
@NullMarked
package dev.guildcast.session.presence;

import org.jspecify.annotations.NullMarked;
