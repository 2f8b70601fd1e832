/// The protocol's worked examples, frame by frame, against one complete suite in one JVM. Runs on the test's thread;
/// frames arrive on the HTTP client's threads and wait in a queue.
@NullMarked
package dev.guildcast.system.vectors;

import org.jspecify.annotations.NullMarked;
