package dev.guildcast.coordinator.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topology;
import dev.guildcast.coordinator.ClusterState;
import dev.guildcast.coordinator.Leader;
import dev.guildcast.coordinator.Node;
import dev.guildcast.coordinator.Shard;
import dev.guildcast.coordinator.ShardPhase;
import dev.guildcast.coordinator.placement.PlacementProperties;
import dev.guildcast.shard.v1.Directive;
import dev.guildcast.shard.v1.Role;
import dev.guildcast.shard.v1.ShardReport;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ShardDirectorTest {
    private static final Topology TOPOLOGY = new Topology(1, 0, 1, 1);
    private static final ShardId S = ShardId.session(0);
    private static final long LEASE = 3_000;

    private ShardDirector director = director(ClusterState.EMPTY, 0);
    private long now;

    @Test
    void placesAFreshShardOnceTheNodesHaveHadTimeToCome() {
        join("a");
        assertThat(director.tick(now + 900).orders()).isEmpty();
        assertThat(director.tick(now + 1_000).orders()).containsExactly(claim("a", 1));
        assertThat(shard().phase()).isEqualTo(ShardPhase.TRANSFERRING);
        assertThat(report("a", live(1)).decision()).isNotNull();
        assertThat(shard().phase()).isEqualTo(ShardPhase.ACTIVE);
        assertThat(shard().owner()).isEqualTo("a");
    }

    @Test
    void movesByFollowingFirstAndReleasesTheFormerOwnerLast() {
        ownedBy("a");
        join("b");
        assertThat(move("b").orders()).containsExactly(order("b", Directive.Action.FOLLOW, 0));
        assertThat(report("b", following(5_000)).orders()).isEmpty();
        assertThat(shard().owner()).isEqualTo("a");
        assertThat(report("b", following(900)).orders()).containsExactly(claim("b", 2));
        assertThat(shard().owner())
                .as("the owner works on until the other's claim")
                .isEqualTo("a");
        assertThat(report("b", live(2)).orders()).containsExactly(order("a", Directive.Action.RELEASE, 0));
        assertThat(shard()).isEqualTo(shard().active("b", 2));
    }

    @Test
    void aDeadOwnersShardGoesToItsFollower() {
        ownedBy("a");
        join("b");
        join("c");
        move("c");
        assertThat(director.die("a", now).orders()).containsExactly(claim("c", 2));
        assertThat(shard().owner()).isNull();
    }

    @Test
    void aDeadFollowerLeavesTheShardWithItsOwner() {
        ownedBy("a");
        join("b");
        move("b");
        director.die("b", now);
        assertThat(shard().phase()).isEqualTo(ShardPhase.ACTIVE);
        assertThat(shard().owner()).isEqualTo("a");
    }

    @Test
    void aTargetThatDiesBeforeItIsLiveLeavesTheShardWithItsOwnerAndTheNextEpochIsAboveBoth() {
        ownedBy("a");
        join("b");
        move("b");
        report("b", following(0));
        director.die("b", now);
        assertThat(shard().owner()).isEqualTo("a");
        // The claim was in the log after all: the owner has read it.
        assertThat(report("a", stopped(1)).orders()).containsExactly(claim("a", 3));
    }

    @Test
    void anIncarnationThatStopsIsClaimedAgainByItsNodeAndTheSecondTimeByAnother() {
        ownedBy("a");
        join("b");
        assertThat(report("a", stopped(1)).orders()).containsExactly(claim("a", 2));
        now += 2_000;
        report("a", live(2));
        assertThat(report("a", stopped(2)).orders()).containsExactly(claim("b", 3));
    }

    @Test
    void aShardThatFailsOnItsOnlyNodeIsTriedAgainAfterAWhileAndNotAtOnce() {
        ownedBy("a");
        report("a", stopped(1));
        report("a", live(2));
        assertThat(report("a", stopped(2)).orders()).isEmpty();
        assertThat(shard().phase()).isEqualTo(ShardPhase.UNASSIGNED);
        assertThat(director.tick(now + 500).orders()).isEmpty();
        assertThat(director.tick(now + 1_500).orders()).containsExactly(claim("a", 3));
    }

    @Test
    void aStopThatCrossesTheOrderIsNotItsAnswer() {
        ownedBy("a");
        report("a", stopped(1));
        assertThat(report("a", stopped(1)).decision()).isNull();
        assertThat(shard().orderedEpoch()).isEqualTo(2);
    }

    @Test
    void anEpochReportedFromTheLogIsNeverOrderedAgain() {
        ownedBy("a");
        report("a", stopped(41));
        assertThat(shard().orderedEpoch()).isEqualTo(42);
    }

    @Test
    void aClaimThatDoesNotBecomeLiveInTimeIsOrderedOfAnotherNode() {
        join("a");
        director.tick(now + 1_000);
        join("b");
        long late = now + 1_000 + PlacementProperties.DEFAULT.claimLimit().toMillis();
        var orders = director.tick(late).orders();
        assertThat(orders).contains(claim("b", 2), order("a", Directive.Action.RELEASE, 0));
    }

    @Test
    void anOwnerThatNoLongerNamesItsShardHasLostIt() {
        ownedBy("a");
        now += 5_000;
        assertThat(director.report("a", List.of(), now).orders()).containsExactly(claim("a", 2));
    }

    @Test
    void aNewLeaderWaitsOneLeaseThenJudgesAndTakesOwnersAtTheirWord() {
        ownedBy("a");
        director = director(director.state(), now);
        assertThat(director.tick(now + LEASE - 100).orders()).isEmpty();
        var joined = director.join(node("a"), List.of(live(1)), now + 200);
        assertThat(joined.decision()).isNull();
        assertThat(joined.orders()).isEmpty();
        assertThat(director.tick(now + LEASE + 1_000).orders()).isEmpty();
        assertThat(shard().owner()).isEqualTo("a");
    }

    @Test
    void aNodeOnANewStreamIsToldAgainWhatItMayHaveMissed() {
        join("a");
        director.tick(now + 1_000);
        now += 1_100;
        assertThat(director.join(node("a"), List.of(), now).orders()).containsExactly(claim("a", 1));
        assertThat(director.join(node("a"), List.of(reportOf(Role.CLAIMING, 1)), now)
                        .orders())
                .isEmpty();
    }

    @Test
    void aFormerOwnerThatStillThinksSoIsToldToStop() {
        ownedBy("a");
        join("b");
        director.die("a", now);
        report("b", live(2));
        assertThat(director.join(node("a"), List.of(live(1)), now).orders())
                .containsExactly(order("a", Directive.Action.RELEASE, 0));
        assertThat(shard().owner()).isEqualTo("b");
    }

    @Test
    void anOwnerCountedDeadByMistakeIsTheOwnerAgainWhereNobodyTookOver() {
        ownedBy("a");
        director.die("a", now);
        assertThat(shard().phase()).isEqualTo(ShardPhase.UNASSIGNED);
        director.join(node("a"), List.of(live(1)), now);
        assertThat(shard()).isEqualTo(shard().active("a", 1));
    }

    @Test
    void aShardThatTheInstallationDoesNotHaveIsReleased() {
        join("a");
        var stray = live(1).toBuilder().setShard(ShardId.session(77).toRef()).build();
        assertThat(director.report("a", List.of(stray), now).orders())
                .containsExactly(new Order("a", ShardId.session(77), Directive.Action.RELEASE, 0));
    }

    @Test
    void drainsANodeWithoutTakingItsShardsBeforeOthersHaveThem() {
        ownedBy("a");
        join("b");
        assertThat(director.drain("a")).isInstanceOf(Answer.Done.class);
        assertThat(director.tick(now).orders()).containsExactly(order("b", Directive.Action.FOLLOW, 0));
        report("b", following(0));
        report("b", live(2));
        assertThat(director.shardsOf("a")).isZero();
        assertThat(director.drain("nobody")).isInstanceOf(Answer.Refused.class);
    }

    @Test
    void refusesAMoveOfAShardThatIsOnItsWay() {
        ownedBy("a");
        join("b");
        join("c");
        move("b");
        assertThat(director.move(S, "c", now))
                .isInstanceOfSatisfying(
                        Answer.Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Answer.Reason.SHARD_IN_TRANSFER));
    }

    private void ownedBy(String node) {
        join(node);
        now += 1_000;
        director.tick(now);
        report(node, live(1));
        assertThat(shard().owner()).isEqualTo(node);
    }

    private void join(String id) {
        director.join(node(id), List.of(), now);
    }

    private Outcome move(String node) {
        return ((Answer.Done) director.move(S, node, now)).outcome();
    }

    private Outcome report(String node, ShardReport report) {
        return director.report(node, List.of(report), now);
    }

    private Shard shard() {
        return director.state().shard(S);
    }

    private static ShardDirector director(ClusterState state, long now) {
        return new ShardDirector(state, new Leader("r", "h:1"), TOPOLOGY, PlacementProperties.DEFAULT, LEASE, now);
    }

    private static Node node(String id) {
        return new Node(id, id + ":1", Set.of(ShardId.Kind.SESSION), Map.of(), false);
    }

    private static Order claim(String node, long epoch) {
        return order(node, Directive.Action.CLAIM, epoch);
    }

    private static Order order(String node, Directive.Action action, long epoch) {
        return new Order(node, S, action, epoch);
    }

    private static ShardReport live(long epoch) {
        return reportOf(Role.LIVE, epoch);
    }

    private static ShardReport stopped(long epoch) {
        return reportOf(Role.STOPPED, epoch);
    }

    private static ShardReport following(long lagMillis) {
        return reportOf(Role.FOLLOWING, 1).toBuilder().setLagMillis(lagMillis).build();
    }

    private static ShardReport reportOf(Role role, long epoch) {
        return ShardReport.newBuilder()
                .setShard(S.toRef())
                .setRole(role)
                .setEpoch(epoch)
                .build();
    }
}
