/// One suite on this machine: starts, reports and stops brokers, services and forwarders, and loads the world.
///
/// Its caller starts and closes it; a virtual thread loads the world and writes the status file.
@NullMarked
package dev.guildcast.suite.local;

import org.jspecify.annotations.NullMarked;
