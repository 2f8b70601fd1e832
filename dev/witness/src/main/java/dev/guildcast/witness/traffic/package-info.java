/// A seeded plan of events, and the publishers that carry it out, each on a thread of its own, at the plan's pace.
@NullMarked
package dev.guildcast.witness.traffic;

import org.jspecify.annotations.NullMarked;
