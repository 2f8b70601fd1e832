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

/// Takes the protections away one by one: a simulation that holds without one of them would prove nothing.
class ProtectionsAreNoticedTest {
    private static final int STEPS = WholePathSimulationTest.STEPS;
    /// How many seeds are tried at a build when the one that is known to notice a bug does so no more.
    private static final int TRIED = 600;
    private static final System.Logger LOG = System.getLogger("simulation");

    /// A protection that is missing.
    ///
    /// @param seen a seed that notices
    record Bug(
            String name,
            long seen,
            String planted,
            @Nullable DoctoredClasses doctored) {
        static Bug planted(Planted planted, long seen) {
            return new Bug(planted.name(), seen, planted.name(), null);
        }

        static Bug doctored(String name, long seen, DoctoredClasses doctored) {
            return new Bug(name, seen, "", doctored);
        }

        /// The run of a seed without the protection.
        MethodHandle run() throws ReflectiveOperationException {
            var path = doctored == null ? WholePath.class : doctored.anew(WholePath.class);
            return MethodHandles.publicLookup()
                    .findStatic(
                            path, "verdict", MethodType.methodType(String.class, long.class, int.class, String.class));
        }

        @Override
        public String toString() {
            return name.toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
        }
    }

    static Stream<Bug> bugs() {
        return Stream.of(
                Bug.doctored(
                        "REPEAT_ACCEPTED",
                        0,
                        DoctoredClasses.of("shard.Chain", "accept", DoctoredClasses.constant("REPEAT", "ACCEPTED"))),
                Bug.doctored(
                        "GAP_ACCEPTED",
                        15,
                        DoctoredClasses.of("shard.Chain", "accept", DoctoredClasses.constant("GAP", "ACCEPTED"))),
                Bug.doctored(
                        "EPHEMERAL_OF_AN_OLD_VIEW",
                        143,
                        DoctoredClasses.of("shard.Chain", "accept", DoctoredClasses.call("equals", 1))),
                Bug.doctored(
                        "CHECKPOINT_BEFORE_ACKNOWLEDGEMENT",
                        23,
                        DoctoredClasses.answering("shard.ShardProcess", "settledBelow", true)),
                Bug.planted(Planted.CHECKPOINT_BY_DIFFERENCE, 2),
                Bug.doctored(
                        "WRITER_BEGUN_LATE_BY_A_PAUSED_OWNER",
                        97,
                        DoctoredClasses.answering("shard.LogProof", "provenSince", true)),
                Bug.doctored(
                        "FOLLOWER_DROPS_OUTPUT",
                        197,
                        DoctoredClasses.of(
                                "shard.ShardProcess",
                                "onCheckpointed",
                                DoctoredClasses.call("getOffset", Long.MAX_VALUE))),
                Bug.doctored(
                        "OUTPUT_KEPT_AFTER_A_THROW",
                        0,
                        DoctoredClasses.of(
                                "shard.ShardProcess", "applyDurable", DoctoredClasses.publishInsteadOfDiscarding())),
                Bug.planted(Planted.MARK_NOT_ADVANCED_AT_A_THROW, 4),
                Bug.planted(Planted.UNSUBSCRIBE_ON_LEAVE, 21),
                Bug.planted(Planted.NO_SEQUENCE_CHECK, 2),
                Bug.doctored(
                        "STALE_ATTACH_WINS", 189, DoctoredClasses.answering("session.link.Question", "settled", false)),
                Bug.doctored("STALE_COMMAND_NUMBER", 0, DoctoredClasses.answering("session.Session", "accept", true)),
                Bug.doctored(
                        "UNCONDITIONAL_CLOSE",
                        287,
                        DoctoredClasses.of(
                                "session.shard.SessionShard", "close", DoctoredClasses.call("lastAttach", -1))),
                Bug.doctored(
                        "LATE_RETRY_DROPPED",
                        1,
                        // The window of sequences is one wide.
                        DoctoredClasses.of(
                                "fanout.event.Publishers$Window", "accept", DoctoredClasses.firstConstant(1024, 1))),
                Bug.planted(Planted.NEGATIVE_BEFORE_LOG_END, 143),
                Bug.doctored("LIVE_WITHOUT_A_FETCH", 26, DoctoredClasses.answering("shard.LogProof", "fresh", true)),
                Bug.planted(Planted.DOCUMENT_END_REMOVES_WHAT_CAME_SINCE, 1));
    }

    @ParameterizedTest
    @MethodSource("bugs")
    void theLackOfAProtectionIsNoticed(Bug bug) throws Throwable {
        var run = bug.run();
        for (long seed : LongStream.concat(LongStream.of(bug.seen()), LongStream.range(0, TRIED))
                .toArray()) {
            var verdict = (String) run.invokeExact(seed, STEPS, bug.planted());
            if (!verdict.isEmpty()) {
                assertThat(WholePath.verdict(seed, STEPS, ""))
                        .as("the same seed with the protection")
                        .isEmpty();
                if (seed != bug.seen()) {
                    LOG.log(
                            System.Logger.Level.WARNING,
                            "{0}: seed {1} does not notice it any more, seed {2} does",
                            bug,
                            Long.toString(bug.seen()),
                            Long.toString(seed));
                }
                return;
            }
        }
        fail("%s: noticed by none of %d seeds", bug, TRIED);
    }

    /// How rarely each is noticed: `-Dguildcast.simulation.planted=N` seeds are tried at most, until five notice.
    @ParameterizedTest
    @MethodSource("bugs")
    @Tag("long")
    void itIsNoticedWithoutKnowingWhere(Bug bug) throws Throwable {
        int seeds = Integer.getInteger("guildcast.simulation.planted", 2_000);
        var run = bug.run();
        var noticed = new ArrayList<String>();
        long seed = 0;
        for (; seed < seeds && noticed.size() < 5; seed++) {
            var verdict = (String) run.invokeExact(seed, STEPS, bug.planted());
            if (!verdict.isEmpty() && WholePath.verdict(seed, STEPS, "").isEmpty()) {
                noticed.add(seed + " " + verdict);
            }
        }
        LOG.log(
                System.Logger.Level.INFO,
                "{0}: noticed by {1} of {2} seeds: {3}",
                bug,
                noticed.size(),
                Long.toString(seed),
                noticed);
        assertThat(noticed).isNotEmpty();
    }
}
