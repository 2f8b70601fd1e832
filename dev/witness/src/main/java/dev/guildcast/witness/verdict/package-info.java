/// Compares what clients recorded with what the model entitles them to. Runs on the caller's thread, after the run.
@NullMarked
package dev.guildcast.witness.verdict;

import org.jspecify.annotations.NullMarked;
