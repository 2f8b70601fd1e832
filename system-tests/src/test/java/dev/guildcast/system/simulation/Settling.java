package dev.guildcast.system.simulation;

import dev.guildcast.contract.ShardId;
import java.util.List;
import java.util.Random;

/// The end of a run: faults stop, and everything runs until nothing moves any more.
///
/// - **Bound:** [#ROUNDS_MAX] rounds and [#STEPS_MAX] steps in all; what has not come to rest by then never will.
final class Settling {
    private static final long ROUND_NANOS = 150_000_000;
    private static final int ROUNDS_MAX = 400;
    /// A run of the true code takes some thousands.
    private static final int STEPS_MAX = 100_000;
    /// Rounds in a row with everything in its place.
    private static final int CALM = 4;

    private final WholePath path;
    private final Random random;
    private int steps;

    Settling(WholePath path, Random random) {
        this.path = path;
        this.random = random;
    }

    /// Counts one thing that happens.
    ///
    /// @throws Violation if so much has happened that it never ends
    void step() {
        if (++steps > STEPS_MAX) {
            throw new Violation("no rest after " + STEPS_MAX + " steps: " + unrest());
        }
    }

    int steps() {
        return steps;
    }

    /// @throws Violation if it does not come to rest
    void run() {
        heal();
        int calm = 0;
        for (int round = 0; calm < CALM; round++) {
            if (round == ROUNDS_MAX) {
                throw new Violation("no rest after " + ROUNDS_MAX + " rounds: " + unrest());
            }
            path.pass(ROUND_NANOS);
            path.shards.detect();
            for (int i = 0; i < Gateways.COUNT; i++) {
                path.gateways.hearMap(i);
                path.gateways.at(i).runTimers();
            }
            while (!path.backend.idle()) {
                path.backend.publish();
                step();
            }
            while (moved()) {
                step();
            }
            for (var client : path.connections.clients) {
                var attempt = client.connection;
                if (attempt == null) {
                    path.connections.connect(client);
                } else if (attempt.parked && attempt.line != null) {
                    attempt.parked = false;
                    attempt.line.unpark();
                }
            }
            calm = unrest().isEmpty() ? calm + 1 : 0;
        }
    }

    private void heal() {
        path.shards.heal();
        path.shards.stalled.clear();
        path.shards.fullUntil.clear();
        path.connections.noticeAllHalfOpen();
        path.backend.comeBack();
        for (var each : path.shards.all) {
            boolean forEver =
                    path.limits.cutForEver() && each.shard.kind() == ShardId.Kind.SESSION && random.nextBoolean();
            each.pausedUntil = 0;
            each.slowUntil = 0;
            each.pausesWhenItClaims = false;
            each.cutUntil = forEver ? Long.MAX_VALUE : 0;
            if (forEver) {
                path.gateways.deafen(0);
            }
        }
    }

    private boolean moved() {
        boolean moved = false;
        while (path.turns.arrive(false)) {
            step();
            moved = true;
        }
        for (var one : List.copyOf(path.shards.all)) {
            moved |= path.turns.exhaust(one, this::step);
        }
        for (var wire : List.copyOf(path.gateways.wires())) {
            if (!wire.isUp()) {
                path.gateways.connect(wire);
            }
            while (wire.stepUp() | wire.stepDown()) {
                step();
                moved = true;
            }
        }
        while (path.shards.answerRead()) {
            step();
            moved = true;
        }
        for (var client : path.connections.clients) {
            while (path.connections.receive(client)) {
                step();
                moved = true;
            }
        }
        return moved;
    }

    private String unrest() {
        var owners = path.shards.owners;
        for (var client : path.connections.clients) {
            var attempt = client.connection;
            if (attempt == null || !attempt.alive || !attempt.finished || attempt.line == null) {
                return "client " + client.number + " has no session in hand";
            }
            var owner = owners.get(path.limits.topology().sessionShard(client.user));
            if (owner == null
                    || attempt.gateway
                            .attachedTo(attempt.line)
                            .filter(owner.incarnation().node::equals)
                            .isEmpty()) {
                return attempt + " is not attached to the owner";
            }
        }
        for (var owner : owners.values()) {
            if (!owner.incarnation().live()) {
                return "not live: " + owner.incarnation() + " "
                        + owner.incarnation().process().stopReason();
            }
        }
        return "";
    }
}
