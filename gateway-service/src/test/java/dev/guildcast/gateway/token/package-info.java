@NullMarked
package dev.guildcast.gateway.token;

import org.jspecify.annotations.NullMarked;
