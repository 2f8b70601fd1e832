@NullMarked
package dev.guildcast.witness.client;

import org.jspecify.annotations.NullMarked;
