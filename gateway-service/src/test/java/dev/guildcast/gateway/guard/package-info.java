@NullMarked
package dev.guildcast.gateway.guard;

import org.jspecify.annotations.NullMarked;
