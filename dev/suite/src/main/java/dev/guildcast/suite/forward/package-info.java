/// One address for many servers: plain bytes, connection by connection, as a load balancer would.
///
/// An accepting virtual thread for each address and two for each connection, which block on sockets.
@NullMarked
package dev.guildcast.suite.forward;

import org.jspecify.annotations.NullMarked;
