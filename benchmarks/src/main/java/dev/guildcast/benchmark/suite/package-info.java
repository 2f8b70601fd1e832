/// The cost of a whole suite on this machine: time to start, memory, latency, CPU time per delivery.
///
/// Each run also measures a baseline, on the same machine in the same minute.
@NullMarked
package dev.guildcast.benchmark.suite;

import org.jspecify.annotations.NullMarked;
