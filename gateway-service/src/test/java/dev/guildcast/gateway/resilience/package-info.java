@NullMarked
package dev.guildcast.gateway.resilience;

import org.jspecify.annotations.NullMarked;
