/// One address for many servers: forwards TCP connections as a load balancer does.
///
/// One accepting virtual thread per address and two per connection, which block on sockets.
@NullMarked
package dev.guildcast.suite.forward;

import org.jspecify.annotations.NullMarked;
