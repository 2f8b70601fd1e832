@NullMarked
package dev.guildcast.gateway;

import org.jspecify.annotations.NullMarked;
