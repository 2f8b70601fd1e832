/// A bot as anyone would write it; JDA calls it on its own threads.
@NullMarked
package dev.guildcast.examples.bot;

import org.jspecify.annotations.NullMarked;
