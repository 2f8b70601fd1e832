@NullMarked
package dev.guildcast.witness.model;

import org.jspecify.annotations.NullMarked;
