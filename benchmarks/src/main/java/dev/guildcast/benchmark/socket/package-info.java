/// The gateway's socket layers by themselves: no session, no link, events from memory.
///
/// The clients run on the benchmark's main thread; each server is a process of its own.
@NullMarked
package dev.guildcast.benchmark.socket;

import org.jspecify.annotations.NullMarked;
