@NullMarked
package dev.guildcast.gateway.connection;

import org.jspecify.annotations.NullMarked;
