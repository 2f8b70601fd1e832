/// Keeps the processes of a suite running: starts them in order, waits until each answers as itself, restarts what
/// dies, and leaves none behind.
///
/// Each service has a virtual thread of its own, which blocks; what others ask is answered from volatile snapshots.
@NullMarked
package dev.guildcast.suite.process;

import org.jspecify.annotations.NullMarked;
