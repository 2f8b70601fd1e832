@NullMarked
package dev.guildcast.gateway.protocol;

import org.jspecify.annotations.NullMarked;
