package dev.guildcast.system.simulation;

import dev.guildcast.contract.ShardId;
import java.util.List;
import java.util.Random;

/// The end of a run: faults stop, and everything runs until no work is left.
///
/// - **Bound:** [#ROUNDS_MAX] rounds and [#STEPS_MAX] steps in total; a run that is not quiescent by then never will
///   be.
final class QuiescenceRunner {
    /// Small steps of the clock, so that timers run in their order.
    private static final long ROUND_NANOS = 150_000_000;
    /// A minute of simulated time, in which every failover, retry and replay completes.
    private static final int ROUNDS_MAX = 400;
    /// A run of correct code takes some thousands.
    private static final int STEPS_MAX = 100_000;
    /// Consecutive rounds without pending work before a run counts as quiescent.
    private static final int CALM_ROUNDS = 4;

    private final DeliverySimulation simulation;
    private final Random random;
    private int steps;

    QuiescenceRunner(DeliverySimulation simulation, Random random) {
        this.simulation = simulation;
        this.random = random;
    }

    /// Counts one step.
    ///
    /// @throws InvariantViolation if the run exceeds its bound of steps
    void step() {
        if (++steps > STEPS_MAX) {
            throw new InvariantViolation("not quiescent after " + STEPS_MAX + " steps: " + unsettledReason());
        }
    }

    int steps() {
        return steps;
    }

    /// @throws InvariantViolation if the run does not become quiescent
    void run() {
        heal();
        int calm = 0;
        for (int round = 0; calm < CALM_ROUNDS; round++) {
            if (round == ROUNDS_MAX) {
                throw new InvariantViolation("not quiescent after " + ROUNDS_MAX + " rounds: " + unsettledReason());
            }
            simulation.advance(ROUND_NANOS);
            simulation.cluster.detect();
            simulation.paths.checkStreams();
            for (int i = 0; i < SimulatedGateways.COUNT; i++) {
                simulation.gateways.updateMap(i);
                simulation.gateways.at(i).runTimers();
            }
            while (!simulation.backend.idle()) {
                simulation.backend.publish();
                step();
            }
            while (drain()) {
                step();
            }
            for (var client : simulation.clientDriver.clients) {
                var connection = client.connection;
                if (connection == null) {
                    simulation.clientDriver.connect(client);
                } else if (connection.parked && connection.session != null) {
                    connection.parked = false;
                    connection.session.unpark();
                }
            }
            calm = unsettledReason().isEmpty() ? calm + 1 : 0;
        }
    }

    private void heal() {
        simulation.cluster.restartNodes();
        simulation.cluster.stalled.clear();
        simulation.cluster.fullUntil.clear();
        simulation.clientDriver.detectAllHalfOpen();
        simulation.paths.heal();
        simulation.backend.reconnect();
        for (var each : simulation.cluster.incarnations) {
            boolean permanently = simulation.config.permanentPartitions()
                    && each.shard.kind() == ShardId.Kind.SESSION
                    && random.nextBoolean();
            each.pausedUntil = 0;
            each.slowUntil = 0;
            each.pausesOnClaim = false;
            each.cutUntil = permanently ? Long.MAX_VALUE : 0;
            if (permanently) {
                simulation.gateways.freezeMap(0);
            }
        }
    }

    private boolean drain() {
        boolean moved = false;
        while (simulation.scheduler.deliverSends(false)) {
            step();
            moved = true;
        }
        for (var incarnation : List.copyOf(simulation.cluster.incarnations)) {
            moved |= simulation.scheduler.runUntilIdle(incarnation, this::step);
        }
        for (var stream : List.copyOf(simulation.gateways.streams())) {
            if (!stream.isUp()) {
                simulation.gateways.connect(stream);
            }
            while (stream.deliverToHost() | stream.deliverToGateway()) {
                step();
                moved = true;
            }
        }
        while (simulation.cluster.completeRead()) {
            step();
            moved = true;
        }
        for (var client : simulation.clientDriver.clients) {
            while (simulation.clientDriver.receive(client)) {
                step();
                moved = true;
            }
        }
        return moved;
    }

    private String unsettledReason() {
        var owners = simulation.cluster.owners;
        for (var client : simulation.clientDriver.clients) {
            var connection = client.connection;
            if (connection == null || !connection.alive || !connection.established || connection.session == null) {
                return "client " + client.number + " has no established session";
            }
            var owner = owners.get(simulation.config.topology().sessionShard(client.user));
            if (owner == null
                    || connection
                            .gateway
                            .attachedTo(connection.session)
                            .filter(owner.incarnation().node::equals)
                            .isEmpty()) {
                return connection + " is not attached to the owner";
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
