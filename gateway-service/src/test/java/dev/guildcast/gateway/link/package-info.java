@NullMarked
package dev.guildcast.gateway.link;

import org.jspecify.annotations.NullMarked;
