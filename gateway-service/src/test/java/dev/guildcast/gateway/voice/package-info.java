@NullMarked
package dev.guildcast.gateway.voice;

import org.jspecify.annotations.NullMarked;
