/// Beats: reports to presence-service which sessions are open, and the presence of each.
///
/// Built on the loops of live owners; sent by gRPC's threads. Nothing waits for presence-service.
@NullMarked
package dev.guildcast.session.presence;

import org.jspecify.annotations.NullMarked;
