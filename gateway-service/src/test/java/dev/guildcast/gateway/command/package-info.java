@NullMarked
package dev.guildcast.gateway.command;

import org.jspecify.annotations.NullMarked;
