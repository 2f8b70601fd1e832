@NullMarked
package dev.guildcast.witness;

import org.jspecify.annotations.NullMarked;
