/// Supervises the processes of a suite: starts them in dependency order, waits until each is healthy, restarts those
/// that end, and leaves none behind.
///
/// Each instance has a virtual thread of its own, which blocks; other threads read volatile snapshots.
@NullMarked
package dev.guildcast.suite.process;

import org.jspecify.annotations.NullMarked;
