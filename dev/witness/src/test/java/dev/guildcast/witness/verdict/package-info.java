@NullMarked
package dev.guildcast.witness.verdict;

import org.jspecify.annotations.NullMarked;
