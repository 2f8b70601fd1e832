@NullMarked
package dev.guildcast.gateway.limit;

import org.jspecify.annotations.NullMarked;
