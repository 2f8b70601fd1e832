/// What the relay of the voice server costs: CPU time a packet, loss and latency, beside a forwarder that does nothing
/// but the system calls.
///
/// The server is a process of its own, so that its collections and its CPU time are its own.
@NullMarked
package dev.guildcast.benchmark.voice;

import org.jspecify.annotations.NullMarked;
