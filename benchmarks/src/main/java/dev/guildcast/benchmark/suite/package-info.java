/// What a whole suite on this machine costs its users: time to start, memory, latency, CPU time a delivery.
///
/// Each run measures a baseline of its own beside it, on the same machine in the same minute.
@NullMarked
package dev.guildcast.benchmark.suite;

import org.jspecify.annotations.NullMarked;
