/// Voice through a whole suite: two clients that hear each other, and what they miss when something dies.
@NullMarked
package dev.guildcast.system.voice;

import org.jspecify.annotations.NullMarked;
