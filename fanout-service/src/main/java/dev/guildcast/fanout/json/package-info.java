/// Assembles JSON without parsing it.
@NullMarked
package dev.guildcast.fanout.json;

import org.jspecify.annotations.NullMarked;
