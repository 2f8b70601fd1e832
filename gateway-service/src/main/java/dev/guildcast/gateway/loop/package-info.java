/// The port of event loops: the threads that own connections and sessions.
@NullMarked
package dev.guildcast.gateway.loop;

import org.jspecify.annotations.NullMarked;
