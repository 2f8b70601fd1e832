@NullMarked
package dev.guildcast.gateway.codec;

import org.jspecify.annotations.NullMarked;
