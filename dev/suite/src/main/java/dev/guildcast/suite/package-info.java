/// Runs the whole of Guildcast on one machine: the launcher behind `./guildcast`.
@NullMarked
package dev.guildcast.suite;

import org.jspecify.annotations.NullMarked;
