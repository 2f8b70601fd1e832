/// Guilds, channels, members, messages and the permissions for them. Any thread; one lock.
@NullMarked
package dev.guildcast.backend.chat;

import org.jspecify.annotations.NullMarked;
