@NullMarked
package dev.guildcast.witness.traffic;

import org.jspecify.annotations.NullMarked;
