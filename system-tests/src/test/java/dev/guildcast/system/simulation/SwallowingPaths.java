package dev.guildcast.system.simulation;

import java.util.Random;
import java.util.SplittableRandom;

/// Paths between gateways and session hosts that swallow packets, in both directions or in one, for a random time.
/// While a path does, nothing arrives, no connection is established, and the end of a stream is noticed by the side
/// that ends it only. Afterwards what TCP has kept arrives, as far as its stream still exists.
///
/// It draws from a random number generator of its own: without it a run is the same as before.
final class SwallowingPaths {
    private static final long MILLI = 1_000_000;
    /// About three faults in the shortest run, on up to nine paths.
    private static final int STEPS_PER_FAULT = 120;
    /// Longer than the deadlines of both ends, and than the time after which clients are asked to reconnect.
    private static final int MILLIS_MAX = 14_000;

    private final DeliverySimulation simulation;
    private final Random random;

    SwallowingPaths(DeliverySimulation simulation, long seed) {
        this.simulation = simulation;
        this.random = new Random(new SplittableRandom(~seed).nextLong());
    }

    /// After each step of the run.
    void step() {
        checkStreams();
        simulation.clientDriver.checkSilence();
        var streams = simulation.gateways.streams();
        if (streams.isEmpty() || random.nextInt(STEPS_PER_FAULT) != 0) {
            return;
        }
        int index = random.nextInt(streams.size());
        var stream = streams.stream().skip(index).findFirst().orElseThrow();
        long until = simulation.nanoTime() + (200 + random.nextInt(MILLIS_MAX)) * MILLI;
        switch (random.nextInt(4)) {
            case 0 -> {
                stream.swallow(until, 0, until);
                simulation.invariants.count("paths swallow both ways");
            }
            case 1 -> {
                stream.swallow(0, 0, until);
                simulation.invariants.count("paths swallow to the gateway");
            }
            case 2 -> {
                stream.swallow(until, 0, 0);
                simulation.invariants.count("paths swallow to the host");
            }
            default -> {
                // About when the host ends the stream: its gateway may not see the end.
                long from = simulation.nanoTime() + 3_500 * MILLI + random.nextInt(600) * MILLI;
                stream.swallow(from + 1_000 * MILLI, from, from + 6_000 * MILLI);
                simulation.invariants.count("paths swallow one way, then the other");
            }
        }
    }

    /// Both ends check their streams, as threads of their own do in production.
    void checkStreams() {
        if (simulation.pathsSwallow) {
            simulation.cluster.endSilentStreams();
            simulation.gateways.checkStreams();
        }
    }

    /// Ends all faults.
    void heal() {
        simulation.gateways.streams().forEach(stream -> stream.swallow(0, 0, 0));
    }
}
