package dev.guildcast.system.simulation;

import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.memory.MemoryInstallation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// One run of the whole delivery path, all of it decided by a seed: backends publish, shards own and lose their logs,
/// gateways and clients come and go; then everything heals, and what clients hold is compared with what the logs say.
public final class DeliverySimulation {
    private static final long MILLI = 1_000_000;
    private static final long START_MILLIS = 1_700_000_000_000L;

    final Random random;
    final SimulationConfig config;
    final MemoryInstallation installation;
    final SessionInvariants invariants;
    final SimulatedCluster cluster;
    final ShardScheduler scheduler;
    final SimulatedBackend backend;
    final SimulatedGateways gateways;
    final ClientDriver clientDriver;
    /// Whether paths between gateways and hosts swallow packets; then both ends send and expect pings.
    final boolean pathsSwallow;

    final SwallowingPaths paths;
    private final SimulatedFaults faults;
    private final int steps;
    private long nowNanos = MILLI;

    /// What a run left behind.
    ///
    /// @param counts what happened how often
    /// @param digest see [HistoryDigest]
    record RunResult(TreeMap<String, Integer> counts, String digest) {}

    DeliverySimulation(long seed, int steps, Set<InjectedBug> bugs, boolean pathsSwallow) {
        this.pathsSwallow = pathsSwallow;
        this.paths = new SwallowingPaths(this, seed);
        // The first numbers of neighbouring seeds are alike otherwise.
        this.random = new Random(new SplittableRandom(seed).nextLong());
        this.steps = steps;
        this.config = SimulationConfig.draw(random);
        this.installation = new MemoryInstallation(config.topology(), this::wallMillis);
        this.invariants = new SessionInvariants(config, installation, this::wallMillis);
        var users = new ArrayList<Long>();
        for (long user = 1; user <= 2 + random.nextInt(4); user++) {
            users.add(user);
        }
        this.backend = new SimulatedBackend(
                random, config, installation, shard -> accepts(shard), users, 2 + random.nextInt(3));
        this.cluster = new SimulatedCluster(this, random, config, installation, bugs);
        this.scheduler = new ShardScheduler(this, random);
        this.gateways = new SimulatedGateways(this, random, bugs);
        this.clientDriver = new ClientDriver(this, random, users);
        this.faults = new SimulatedFaults(this, random);
    }

    /// Runs one seed.
    ///
    /// @throws RuntimeException if an invariant does not hold
    static RunResult run(long seed, int steps, Set<InjectedBug> bugs) {
        return run(seed, steps, bugs, false);
    }

    /// As [#run(long, int, Set)].
    ///
    /// @param pathsSwallow whether paths between gateways and hosts swallow packets
    static RunResult run(long seed, int steps, Set<InjectedBug> bugs, boolean pathsSwallow) {
        SimulatedHost.takeFailures();
        var simulation = new DeliverySimulation(seed, steps, bugs, pathsSwallow);
        for (int i = 0; i < simulation.steps; i++) {
            simulation.step();
            simulation.checkHostFailures();
        }
        var quiescence = new QuiescenceRunner(simulation, simulation.random);
        quiescence.run();
        simulation.checkHostFailures();
        new DeliveryVerifier(simulation).run();
        simulation.invariants.counts.put("steps to rest", quiescence.steps());
        return new RunResult(simulation.invariants.counts, HistoryDigest.of(simulation));
    }

    /// Runs one seed, for callers that know these classes by name only.
    ///
    /// @return which invariant does not hold; empty if all do
    public static String verdict(long seed, int steps, String bugs) {
        try {
            run(seed, steps, bugs.isEmpty() ? Set.of() : Set.of(InjectedBug.valueOf(bugs)));
            return "";
        } catch (RuntimeException | AssertionError e) {
            return e.getClass().getSimpleName() + ": " + e.getMessage();
        }
    }

    private void checkHostFailures() {
        var failures = SimulatedHost.takeFailures();
        if (!failures.isEmpty()) {
            throw new InvariantViolation("a session host failed: " + failures.getFirst());
        }
    }

    long nanoTime() {
        return nowNanos;
    }

    long wallMillis() {
        return START_MILLIS + nowNanos / MILLI;
    }

    void advance(long moreNanos) {
        nowNanos += moreNanos;
    }

    private boolean accepts(ShardId shard) {
        return cluster.accepts(shard);
    }

    /// One of them, by chance.
    <T> T pick(Collection<T> all) {
        int index = random.nextInt(all.size());
        for (var each : all) {
            if (index-- == 0) {
                return each;
            }
        }
        throw new IllegalStateException("nothing to choose from");
    }

    private void step() {
        advance(random.nextInt(config.stepMillisMax()) * MILLI);
        int x = random.nextInt(1_000);
        if (x < 300) {
            stepShard();
        } else if (x < 520) {
            scheduler.deliverSends(true);
        } else if (x < 740) {
            gateways.stepStream();
            gateways.runTimers();
        } else if (x < 820) {
            var client = pick(clientDriver.clients);
            for (int i = random.nextInt(6); i > 0; i--) {
                clientDriver.receive(client);
            }
        } else if (x < (config.highChurn() ? 880 : 850)) {
            clientDriver.act(pick(clientDriver.clients));
        } else if (x < 950) {
            backend.step();
            backend.publish();
            backend.publish();
        } else if (x < 970) {
            gateways.updateSomeMap();
        } else if (x < 980) {
            cluster.completeRead();
        } else if (x < 980 + (config.highChurn() ? 14 : 7)) {
            faults.inject();
        } else {
            cluster.detect();
        }
        backend.publish();
        clientDriver.detectHalfOpen();
        faults.runScheduled();
        if (pathsSwallow) {
            paths.step();
        }
    }

    private void stepShard() {
        var incarnation = scheduler.next();
        boolean live = incarnation.live();
        scheduler.step(incarnation);
        if (!live && incarnation.live()) {
            faults.onLive(incarnation);
        }
    }
}
