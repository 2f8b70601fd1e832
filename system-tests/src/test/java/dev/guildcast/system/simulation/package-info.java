/// A seeded, single-threaded simulation of the whole delivery path: production's state machines, session frontends and
/// gateway sessions, with logs in memory, simulated clients and simulated backends. It injects every fault that the
/// rules cover, and independent oracles compute from the logs what every client must have received.
@NullMarked
package dev.guildcast.system.simulation;

import org.jspecify.annotations.NullMarked;
