@NullMarked
package dev.guildcast.gateway.socket;

import org.jspecify.annotations.NullMarked;
