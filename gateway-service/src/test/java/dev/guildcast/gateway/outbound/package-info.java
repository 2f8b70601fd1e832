@NullMarked
package dev.guildcast.gateway.outbound;

import org.jspecify.annotations.NullMarked;
