/// A seeded plan of events, and its publishers, each on a thread of its own, at the plan's rate.
@NullMarked
package dev.guildcast.witness.traffic;

import org.jspecify.annotations.NullMarked;
