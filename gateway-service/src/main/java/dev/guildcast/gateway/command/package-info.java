/// What clients ask for once they are known, and how often they may. Runs on the connection's event loop.
@NullMarked
package dev.guildcast.gateway.command;

import org.jspecify.annotations.NullMarked;
