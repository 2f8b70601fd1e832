package dev.guildcast.system.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Takes the protections away one by one: a simulation that holds without one of them would prove nothing.
@Tag("long")
class ProtectionsAreNoticedTest {
    private static final int STEPS = 1_500;
    private static final int SEEDS = Integer.getInteger("guildcast.planted.seeds", 400);

    /// @param first the seed to begin with: how rare a bug shows itself differs a lot
    record Bug(
            String name,
            long first,
            String planted,
            @Nullable DoctoredClasses doctored) {
        static Bug planted(Planted planted, long first) {
            return new Bug(planted.name(), first, planted.name(), null);
        }

        static Bug doctored(String name, long first, DoctoredClasses doctored) {
            return new Bug(name, first, "", doctored);
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
                        0,
                        DoctoredClasses.of("shard.Chain", "accept", DoctoredClasses.constant("GAP", "ACCEPTED"))),
                Bug.doctored(
                        "EPHEMERAL_OF_AN_OLD_VIEW",
                        0,
                        DoctoredClasses.of("shard.Chain", "accept", DoctoredClasses.constant("STALE", "ACCEPTED"))),
                Bug.doctored(
                        "CHECKPOINT_BEFORE_ACKNOWLEDGEMENT",
                        0,
                        DoctoredClasses.answering("shard.ShardProcess", "settledBelow", true)),
                Bug.planted(Planted.CHECKPOINT_BY_DIFFERENCE, 0),
                Bug.doctored(
                        "WRITER_BEGUN_LATE_BY_A_PAUSED_OWNER",
                        0,
                        DoctoredClasses.answering("shard.LogProof", "provenSince", true)),
                Bug.doctored(
                        "FOLLOWER_DROPS_OUTPUT",
                        0,
                        DoctoredClasses.of(
                                "shard.ShardProcess",
                                "onCheckpointed",
                                DoctoredClasses.call("getOffset", Long.MAX_VALUE))),
                Bug.doctored(
                        "OUTPUT_KEPT_AFTER_A_THROW",
                        0,
                        DoctoredClasses.of(
                                "shard.ShardProcess", "applyDurable", DoctoredClasses.publishInsteadOfDiscarding())),
                Bug.planted(Planted.MARK_NOT_ADVANCED_AT_A_THROW, 0),
                Bug.planted(Planted.UNSUBSCRIBE_ON_LEAVE, 0),
                Bug.planted(Planted.NO_SEQUENCE_CHECK, 0),
                Bug.doctored(
                        "STALE_ATTACH_WINS", 0, DoctoredClasses.answering("session.link.Question", "settled", false)),
                Bug.doctored("STALE_COMMAND_NUMBER", 0, DoctoredClasses.answering("session.Session", "accept", true)),
                Bug.doctored(
                        "UNCONDITIONAL_CLOSE",
                        0,
                        DoctoredClasses.of(
                                "session.shard.SessionShard", "close", DoctoredClasses.call("lastAttach", -1))),
                Bug.planted(Planted.LATE_RETRY_DROPPED, 0),
                Bug.planted(Planted.NEGATIVE_BEFORE_LOG_END, 0),
                Bug.doctored("LIVE_WITHOUT_A_FETCH", 0, DoctoredClasses.answering("shard.LogProof", "fresh", true)),
                Bug.planted(Planted.DOCUMENT_END_REMOVES_WHAT_CAME_SINCE, 0));
    }

    @ParameterizedTest
    @MethodSource("bugs")
    void theLackOfAProtectionIsNoticed(Bug bug) throws Throwable {
        var run = verdict(bug.doctored());
        for (long seed = bug.first(); seed < bug.first() + SEEDS; seed++) {
            var verdict = (String) run.invokeExact(seed, STEPS, bug.planted());
            if (!verdict.isEmpty()) {
                return;
            }
        }
        assertThat(bug)
                .as("noticed by one of " + SEEDS + " seeds from " + bug.first())
                .isNull();
    }

    private static MethodHandle verdict(@Nullable DoctoredClasses doctored) throws ReflectiveOperationException {
        var path = doctored == null ? WholePath.class : Class.forName(WholePath.class.getName(), true, doctored);
        return MethodHandles.publicLookup()
                .findStatic(path, "verdict", MethodType.methodType(String.class, long.class, int.class, String.class));
    }
}
