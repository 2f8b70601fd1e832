/// Commands of authenticated clients (ops 3, 4 and 8) and their limits. Runs on the connection's event loop.
@NullMarked
package dev.guildcast.gateway.command;

import org.jspecify.annotations.NullMarked;
