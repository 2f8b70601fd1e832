@NullMarked
package dev.guildcast.gateway.handshake;

import org.jspecify.annotations.NullMarked;
