/// The users, guilds and first events that a suite starts with. Any thread.
@NullMarked
package dev.guildcast.suite.world;

import org.jspecify.annotations.NullMarked;
