/// What there is to chat about: guilds, channels, members and messages, and who may do what. Any thread; one lock.
@NullMarked
package dev.guildcast.backend.chat;

import org.jspecify.annotations.NullMarked;
