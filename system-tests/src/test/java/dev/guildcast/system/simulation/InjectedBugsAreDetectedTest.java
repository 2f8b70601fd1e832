package dev.guildcast.system.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Removes the protections one by one: a simulator that did not detect it would prove nothing.
class InjectedBugsAreDetectedTest {
    private static final int STEPS = DeliverySimulationTest.STEPS;
    /// Seeds tried in a build when the known seed no longer detects a bug.
    private static final int SEEDS_TRIED_MAX = 600;
    private static final System.Logger log = System.getLogger("simulation");

    /// A missing protection.
    ///
    /// @param detectingSeed a seed that detects it
    record Bug(
            String name,
            long detectingSeed,
            String injected,
            @Nullable MutatedClasses mutated) {
        static Bug injected(InjectedBug bug, long detectingSeed) {
            return new Bug(bug.name(), detectingSeed, bug.name(), null);
        }

        static Bug mutated(String name, long detectingSeed, MutatedClasses classes) {
            return new Bug(name, detectingSeed, "", classes);
        }

        /// The run of a seed without the protection.
        MethodHandle run() throws ReflectiveOperationException {
            var simulation = mutated == null ? DeliverySimulation.class : mutated.reload(DeliverySimulation.class);
            return MethodHandles.publicLookup()
                    .findStatic(
                            simulation,
                            "verdict",
                            MethodType.methodType(String.class, long.class, int.class, String.class));
        }

        @Override
        public String toString() {
            return name.toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
        }
    }

    static Stream<Bug> bugs() {
        return Stream.of(
                Bug.mutated(
                        "REPEAT_ACCEPTED",
                        0,
                        MutatedClasses.of(
                                "shard.process.OutputPositions",
                                "accept",
                                MutatedClasses.constant("DUPLICATE", "ACCEPTED"))),
                Bug.mutated(
                        "GAP_ACCEPTED",
                        15,
                        MutatedClasses.of(
                                "shard.process.OutputPositions", "accept", MutatedClasses.constant("GAP", "ACCEPTED"))),
                Bug.mutated(
                        "EPHEMERAL_OF_AN_OLD_VIEW",
                        357,
                        MutatedClasses.of("shard.process.OutputPositions", "accept", MutatedClasses.call("equals", 1))),
                Bug.mutated(
                        "CHECKPOINT_BEFORE_ACKNOWLEDGEMENT",
                        23,
                        MutatedClasses.returning("shard.process.Outbox", "isAcknowledgedBelow", true)),
                Bug.injected(InjectedBug.CHECKPOINT_BY_DIFFERENCE, 2),
                Bug.mutated(
                        "WRITER_BEGUN_LATE_BY_A_PAUSED_OWNER",
                        97,
                        MutatedClasses.returning("shard.process.ReadBarrier", "isConfirmed", true)),
                Bug.mutated(
                        "FOLLOWER_DROPS_OUTPUT",
                        197,
                        MutatedClasses.of(
                                "shard.process.ShardProcess",
                                "onCheckpointMarker",
                                MutatedClasses.call("getOffset", Long.MAX_VALUE))),
                Bug.mutated(
                        "OUTPUT_KEPT_AFTER_A_THROW",
                        0,
                        MutatedClasses.of(
                                "shard.process.RecordApplier", "apply", MutatedClasses.publishInsteadOfDiscarding())),
                Bug.injected(InjectedBug.POSITION_NOT_ADVANCED_ON_FAILURE, 4),
                Bug.injected(InjectedBug.UNSUBSCRIBE_ON_LEAVE, 21),
                Bug.injected(InjectedBug.NO_SEQUENCE_CHECK, 2),
                Bug.mutated(
                        "STALE_ATTACH_WINS",
                        189,
                        MutatedClasses.returning("session.attach.AttachRequest", "continuesAttach", false)),
                Bug.mutated(
                        "STALE_COMMAND_NUMBER", 0, MutatedClasses.returning("session.Session", "acceptCommand", true)),
                Bug.mutated(
                        "UNCONDITIONAL_CLOSE",
                        287,
                        MutatedClasses.of(
                                "session.shard.SessionShard", "close", MutatedClasses.call("lastAttach", -1))),
                Bug.mutated(
                        "LATE_RETRY_DROPPED",
                        1,
                        // The window of sequences has width one.
                        MutatedClasses.of(
                                "fanout.publication.PublicationDeduplicator$Window",
                                "accept",
                                MutatedClasses.firstConstant(1024, 1))),
                Bug.injected(InjectedBug.REJECT_BEFORE_READ_BARRIER, 143),
                Bug.mutated(
                        "LIVE_WITHOUT_A_FETCH",
                        26,
                        MutatedClasses.returning("shard.process.ReadBarrier", "isCurrent", true)),
                Bug.injected(InjectedBug.SNAPSHOT_END_REMOVES_LATER_ENTITIES, 1));
    }

    @ParameterizedTest
    @MethodSource("bugs")
    void eachInjectedBugIsDetected(Bug bug) throws Throwable {
        var run = bug.run();
        for (long seed : LongStream.concat(LongStream.of(bug.detectingSeed()), LongStream.range(0, SEEDS_TRIED_MAX))
                .toArray()) {
            var verdict = (String) run.invokeExact(seed, STEPS, bug.injected());
            if (!verdict.isEmpty()) {
                assertThat(DeliverySimulation.verdict(seed, STEPS, ""))
                        .as("the same seed with the protection")
                        .isEmpty();
                if (seed != bug.detectingSeed()) {
                    log.log(
                            System.Logger.Level.WARNING,
                            "{0}: seed {1} no longer detects it, seed {2} does: update the known seed",
                            bug,
                            Long.toString(bug.detectingSeed()),
                            Long.toString(seed));
                }
                return;
            }
        }
        fail("%s: detected by none of %d seeds", bug, SEEDS_TRIED_MAX);
    }

    /// How rarely each is detected: tries at most `-Dguildcast.simulation.planted=N` seeds, until five detect it.
    @ParameterizedTest
    @MethodSource("bugs")
    @Tag("long")
    void howManySeedsDetectIt(Bug bug) throws Throwable {
        int seeds = Integer.getInteger("guildcast.simulation.planted", 2_000);
        var run = bug.run();
        var detected = new ArrayList<String>();
        long seed = 0;
        for (; seed < seeds && detected.size() < 5; seed++) {
            var verdict = (String) run.invokeExact(seed, STEPS, bug.injected());
            if (!verdict.isEmpty()
                    && DeliverySimulation.verdict(seed, STEPS, "").isEmpty()) {
                detected.add(seed + " " + verdict);
            }
        }
        log.log(
                System.Logger.Level.INFO,
                "{0}: detected by {1} of {2} seeds: {3}",
                bug,
                detected.size(),
                Long.toString(seed),
                detected);
        assertThat(detected).isNotEmpty();
    }
}
