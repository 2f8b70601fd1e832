package dev.guildcast.system.simulation;

import dev.guildcast.contract.ShardId;
import dev.guildcast.session.link.SimulatedHost;
import dev.guildcast.shard.memory.MemoryInstallation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// One run of the whole delivery path, all of it decided by a seed: backends publish, shards own and lose their logs,
/// gateways and clients come and go; then everything heals, and what clients hold is compared with what the logs say.
public final class WholePath {
    private static final long MILLI = 1_000_000;
    private static final long START_MILLIS = 1_700_000_000_000L;

    final Random random;
    final Limits limits;
    final MemoryInstallation installation;
    final Ledger ledger;
    final Shards shards;
    final Turns turns;
    final Backend backend;
    final Gateways gateways;
    final Connections connections;
    private final Faults faults;
    private final int steps;
    private long nanos = MILLI;

    /// What a run left behind.
    ///
    /// @param counts what happened how often
    /// @param digest see [HistoryDigest]
    record Result(TreeMap<String, Integer> counts, String digest) {}

    WholePath(long seed, int steps, Set<Planted> planted) {
        // The first numbers of neighbouring seeds are alike otherwise.
        this.random = new Random(new SplittableRandom(seed).nextLong());
        this.steps = steps;
        this.limits = Limits.draw(random);
        this.installation = new MemoryInstallation(limits.topology(), this::wallMillis);
        this.ledger = new Ledger(limits, installation, this::wallMillis);
        var users = new ArrayList<Long>();
        for (long user = 1; user <= 2 + random.nextInt(4); user++) {
            users.add(user);
        }
        this.backend = new Backend(random, limits, installation, shard -> takes(shard), users, 2 + random.nextInt(3));
        this.shards = new Shards(this, random, limits, installation, planted);
        this.turns = new Turns(this, random);
        this.gateways = new Gateways(this, random, planted);
        this.connections = new Connections(this, random, users);
        this.faults = new Faults(this, random);
    }

    /// Runs one seed.
    ///
    /// @throws RuntimeException if an invariant does not hold
    static Result run(long seed, int steps, Set<Planted> planted) {
        SimulatedHost.takeFailures();
        var path = new WholePath(seed, steps, planted);
        for (int i = 0; i < path.steps; i++) {
            path.act();
            path.failures();
        }
        var settling = new Settling(path, path.random);
        settling.run();
        path.failures();
        new FinalCheck(path).run();
        path.ledger.counts.put("steps to rest", settling.steps());
        return new Result(path.ledger.counts, HistoryDigest.of(path));
    }

    /// Runs one seed, for callers that know these classes by name only.
    ///
    /// @return which invariant does not hold; empty if all do
    public static String verdict(long seed, int steps, String planted) {
        try {
            run(seed, steps, planted.isEmpty() ? Set.of() : Set.of(Planted.valueOf(planted)));
            return "";
        } catch (RuntimeException | AssertionError e) {
            return e.getClass().getSimpleName() + ": " + e.getMessage();
        }
    }

    private void failures() {
        var failures = SimulatedHost.takeFailures();
        if (!failures.isEmpty()) {
            throw new Violation("a desk failed: " + failures.getFirst());
        }
    }

    long nanos() {
        return nanos;
    }

    long wallMillis() {
        return START_MILLIS + nanos / MILLI;
    }

    void pass(long moreNanos) {
        nanos += moreNanos;
    }

    private boolean takes(ShardId shard) {
        return shards.takes(shard);
    }

    /// One of them, by chance.
    <T> T any(Collection<T> all) {
        int index = random.nextInt(all.size());
        for (var each : all) {
            if (index-- == 0) {
                return each;
            }
        }
        throw new IllegalStateException("nothing to choose from");
    }

    private void act() {
        pass(random.nextInt(limits.stepMillis()) * MILLI);
        int x = random.nextInt(1_000);
        if (x < 300) {
            turn();
        } else if (x < 520) {
            turns.arrive(true);
        } else if (x < 740) {
            gateways.stepWire();
            gateways.runTimers();
        } else if (x < 820) {
            var client = any(connections.clients);
            for (int i = random.nextInt(6); i > 0; i--) {
                connections.receive(client);
            }
        } else if (x < (limits.hot() ? 880 : 850)) {
            connections.behave(any(connections.clients));
        } else if (x < 950) {
            backend.happen();
            backend.publish();
            backend.publish();
        } else if (x < 970) {
            gateways.someoneHears();
        } else if (x < 980) {
            shards.answerRead();
        } else if (x < 980 + (limits.hot() ? 14 : 7)) {
            faults.strike();
        } else {
            shards.detect();
        }
        backend.publish();
        connections.noticeHalfOpen();
        faults.tick();
    }

    private void turn() {
        var one = turns.next();
        boolean live = one.live();
        turns.turn(one);
        if (!live && one.live()) {
            faults.onLive(one);
        }
    }
}
