package dev.guildcast.coordinator.director;

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
    void placesAFreshShardAfterTheSettleTime() {
        join("a");
        assertThat(director.onTick(now + 900).directives()).isEmpty();
        assertThat(director.onTick(now + 1_000).directives()).containsExactly(claim("a", 1));
        assertThat(shard().phase()).isEqualTo(ShardPhase.TRANSFERRING);
        assertThat(report("a", live(1)).decision()).isNotNull();
        assertThat(shard().phase()).isEqualTo(ShardPhase.ACTIVE);
        assertThat(shard().owner()).isEqualTo("a");
    }

    @Test
    void movesByFollowingFirstAndReleasesTheFormerOwnerLast() {
        ownedBy("a");
        join("b");
        assertThat(move("b").directives()).containsExactly(directive("b", Directive.Action.FOLLOW, 0));
        assertThat(report("b", following(5_000)).directives()).isEmpty();
        assertThat(shard().owner()).isEqualTo("a");
        assertThat(report("b", following(900)).directives()).containsExactly(claim("b", 2));
        assertThat(shard().owner())
                .as("the owner continues until the other's claim")
                .isEqualTo("a");
        assertThat(report("b", live(2)).directives()).containsExactly(directive("a", Directive.Action.RELEASE, 0));
        assertThat(shard()).isEqualTo(shard().active("b", 2));
    }

    @Test
    void aDeadOwnersShardGoesToItsFollower() {
        ownedBy("a");
        join("b");
        join("c");
        move("c");
        assertThat(director.onNodeDead("a", now).directives()).containsExactly(claim("c", 2));
        assertThat(shard().owner()).isNull();
    }

    @Test
    void aDeadFollowerLeavesTheShardWithItsOwner() {
        ownedBy("a");
        join("b");
        move("b");
        director.onNodeDead("b", now);
        assertThat(shard().phase()).isEqualTo(ShardPhase.ACTIVE);
        assertThat(shard().owner()).isEqualTo("a");
    }

    @Test
    void aTargetThatDiesBeforeItIsLiveLeavesTheShardWithItsOwnerAndTheNextEpochIsAboveBoth() {
        ownedBy("a");
        join("b");
        move("b");
        report("b", following(0));
        director.onNodeDead("b", now);
        assertThat(shard().owner()).isEqualTo("a");
        // The claim was in the log after all: the owner has read it.
        assertThat(report("a", stopped(1)).directives()).containsExactly(claim("a", 3));
    }

    @Test
    void aStoppedShardIsClaimedAgainByItsNodeAndTheSecondTimeByAnother() {
        ownedBy("a");
        join("b");
        assertThat(report("a", stopped(1)).directives()).containsExactly(claim("a", 2));
        now += 2_000;
        report("a", live(2));
        assertThat(report("a", stopped(2)).directives()).containsExactly(claim("b", 3));
    }

    @Test
    void aShardThatFailsOnItsOnlyNodeIsRetriedAfterADelay() {
        ownedBy("a");
        report("a", stopped(1));
        report("a", live(2));
        assertThat(report("a", stopped(2)).directives()).isEmpty();
        assertThat(shard().phase()).isEqualTo(ShardPhase.UNASSIGNED);
        assertThat(director.onTick(now + 500).directives()).isEmpty();
        assertThat(director.onTick(now + 1_500).directives()).containsExactly(claim("a", 3));
    }

    @Test
    void ignoresAStopSentBeforeTheDirective() {
        ownedBy("a");
        report("a", stopped(1));
        assertThat(report("a", stopped(1)).decision()).isNull();
        assertThat(shard().orderedEpoch()).isEqualTo(2);
    }

    @Test
    void neverReusesAnEpochReportedFromTheLog() {
        ownedBy("a");
        report("a", stopped(41));
        assertThat(shard().orderedEpoch()).isEqualTo(42);
    }

    @Test
    void reassignsAClaimThatIsNotLiveInTime() {
        join("a");
        director.onTick(now + 1_000);
        join("b");
        long late = now + 1_000 + PlacementProperties.DEFAULT.claimLimit().toMillis();
        var directives = director.onTick(late).directives();
        assertThat(directives).contains(claim("b", 2), directive("a", Directive.Action.RELEASE, 0));
    }

    @Test
    void anOwnerThatNoLongerReportsItsShardHasLostIt() {
        ownedBy("a");
        now += 5_000;
        assertThat(director.onReport("a", List.of(), now).directives()).containsExactly(claim("a", 2));
    }

    @Test
    void aNewLeaderWaitsOneLeaseAndAcceptsReportedOwners() {
        ownedBy("a");
        director = director(director.state(), now);
        assertThat(director.onTick(now + LEASE - 100).directives()).isEmpty();
        var joined = director.onJoin(node("a"), List.of(live(1)), now + 200);
        assertThat(joined.decision()).isNull();
        assertThat(joined.directives()).isEmpty();
        assertThat(director.onTick(now + LEASE + 1_000).directives()).isEmpty();
        assertThat(shard().owner()).isEqualTo("a");
    }

    @Test
    void resendsDirectivesOnANewStream() {
        join("a");
        director.onTick(now + 1_000);
        now += 1_100;
        assertThat(director.onJoin(node("a"), List.of(), now).directives()).containsExactly(claim("a", 1));
        assertThat(director.onJoin(node("a"), List.of(reportOf(Role.CLAIMING, 1)), now)
                        .directives())
                .isEmpty();
    }

    @Test
    void releasesAFormerOwnerThatStillReportsLive() {
        ownedBy("a");
        join("b");
        director.onNodeDead("a", now);
        report("b", live(2));
        assertThat(director.onJoin(node("a"), List.of(live(1)), now).directives())
                .containsExactly(directive("a", Directive.Action.RELEASE, 0));
        assertThat(shard().owner()).isEqualTo("b");
    }

    @Test
    void acceptsAnOwnerWronglyCountedDeadWhenNobodyTookOver() {
        ownedBy("a");
        director.onNodeDead("a", now);
        assertThat(shard().phase()).isEqualTo(ShardPhase.UNASSIGNED);
        director.onJoin(node("a"), List.of(live(1)), now);
        assertThat(shard()).isEqualTo(shard().active("a", 1));
    }

    @Test
    void aShardThatTheInstallationDoesNotHaveIsReleased() {
        join("a");
        var stray = live(1).toBuilder().setShard(ShardId.session(77).toRef()).build();
        assertThat(director.onReport("a", List.of(stray), now).directives())
                .containsExactly(new PendingDirective("a", ShardId.session(77), Directive.Action.RELEASE, 0));
    }

    @Test
    void drainsANodeKeepingItAsOwnerUntilOthersAreReady() {
        ownedBy("a");
        join("b");
        assertThat(director.drain("a")).isInstanceOf(OperationResult.Accepted.class);
        assertThat(director.onTick(now).directives()).containsExactly(directive("b", Directive.Action.FOLLOW, 0));
        report("b", following(0));
        report("b", live(2));
        assertThat(director.shardCountOf("a")).isZero();
        assertThat(director.drain("nobody")).isInstanceOf(OperationResult.Rejected.class);
    }

    @Test
    void rejectsAMoveOfAShardInTransfer() {
        ownedBy("a");
        join("b");
        join("c");
        move("b");
        assertThat(director.move(S, "c", now))
                .isInstanceOfSatisfying(
                        OperationResult.Rejected.class,
                        rejected -> assertThat(rejected.reason())
                                .isEqualTo(OperationResult.RejectionReason.SHARD_IN_TRANSFER));
    }

    private void ownedBy(String node) {
        join(node);
        now += 1_000;
        director.onTick(now);
        report(node, live(1));
        assertThat(shard().owner()).isEqualTo(node);
    }

    private void join(String id) {
        director.onJoin(node(id), List.of(), now);
    }

    private DirectorOutput move(String node) {
        return ((OperationResult.Accepted) director.move(S, node, now)).output();
    }

    private DirectorOutput report(String node, ShardReport report) {
        return director.onReport(node, List.of(report), now);
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

    private static PendingDirective claim(String node, long epoch) {
        return directive(node, Directive.Action.CLAIM, epoch);
    }

    private static PendingDirective directive(String node, Directive.Action action, long epoch) {
        return new PendingDirective(node, S, action, epoch);
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
