package dev.guildcast.shard.coordination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.access.PeerRole;
import dev.guildcast.shard.testing.TestIdentity;
import dev.guildcast.shard.v1.Directive;
import dev.guildcast.shard.v1.NodeHello;
import dev.guildcast.shard.v1.NodeReport;
import dev.guildcast.shard.v1.Role;
import dev.guildcast.shard.v1.ShardReport;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GrpcNodeRegistrationTest {
    private static final CoordinationTimes FAST =
            new CoordinationTimes(Duration.ofMillis(20), Duration.ofMillis(5), Duration.ofMillis(50));
    private static final CoordinationTimes NEVER_RENEWED =
            new CoordinationTimes(Duration.ofHours(1), Duration.ofMillis(5), Duration.ofMillis(50));
    private static final NodeHello HELLO =
            NodeHello.newBuilder().setNodeId("node-1").setAddress("h:9").build();

    private final FakeCoordinator coordinator = new FakeCoordinator();
    private final RecordedDirectives directives = new RecordedDirectives();
    private final List<String> refusals = new CopyOnWriteArrayList<>();
    private volatile List<ShardReport> held = List.of(report(ShardId.guild(1), Role.LIVE, 4));

    @AfterEach
    void close() {
        coordinator.close();
    }

    @Test
    void opensWithHelloAndItsShardsThenRenews() {
        try (var node = registration(FAST)) {
            node.start(directives, () -> held);
            await().until(() -> coordinator.reports.size() >= 3);
            var first = coordinator.reports.getFirst();
            assertThat(first.getHello()).isEqualTo(HELLO);
            assertThat(first.getShardsList()).isEqualTo(held);
            assertThat(coordinator.reports.get(1).hasHello()).isFalse();
            assertThat(coordinator.reports.get(1).getShardsList()).isEqualTo(held);
        }
    }

    @Test
    void passesDirectivesOn() {
        try (var node = registration(NEVER_RENEWED)) {
            node.start(directives, () -> held);
            await().until(() -> coordinator.nodes.size() == 1);
            direct(ShardId.guild(1), Directive.Action.FOLLOW, 0);
            direct(ShardId.guild(1), Directive.Action.CLAIM, 5);
            direct(ShardId.guild(1), Directive.Action.ACTION_UNSPECIFIED, 0);
            direct(ShardId.session(2), Directive.Action.RELEASE, 0);
            await().untilAsserted(() -> assertThat(directives.seen)
                    .containsExactly("follow guild-1", "claim guild-1 5", "release session-2"));
        }
    }

    @Test
    void survivesADirectiveThatFails() {
        try (var node = registration(NEVER_RENEWED)) {
            directives.failOn = ShardId.guild(0);
            node.start(directives, () -> held);
            await().until(() -> coordinator.nodes.size() == 1);
            direct(ShardId.guild(0), Directive.Action.FOLLOW, 0);
            direct(ShardId.guild(1), Directive.Action.FOLLOW, 0);
            await().untilAsserted(() -> assertThat(directives.seen).containsExactly("follow guild-1"));
        }
    }

    @Test
    void reportsAtOnceOnRequestAndMergesRequestsInABurst() {
        try (var node = registration(NEVER_RENEWED)) {
            node.start(directives, () -> held);
            await().until(() -> coordinator.reports.size() == 1);
            held = List.of(report(ShardId.guild(1), Role.STOPPED, 4));
            for (int i = 0; i < 50; i++) {
                node.reportSoon();
            }
            await().until(() -> coordinator.reports.getLast().getShards(0).getRole() == Role.STOPPED);
            assertThat(coordinator.reports).hasSizeLessThan(20);
        }
    }

    @Test
    void everyReportSaysThatItLeaves() {
        try (var node = registration(FAST)) {
            node.start(directives, () -> held);
            await().until(() -> !coordinator.reports.isEmpty());
            node.leave();
            await().until(() -> coordinator.reports.getLast().getLeaving());
            int before = coordinator.reports.size();
            coordinator.breakStreams();
            await().until(() -> coordinator.reports.stream()
                    .skip(before)
                    .anyMatch(report -> report.hasHello() && report.getLeaving()));
        }
    }

    @Test
    void reportsEverythingAgainOnANewStream() {
        try (var node = registration(NEVER_RENEWED)) {
            node.start(directives, () -> held);
            await().until(() -> coordinator.reports.size() == 1);
            held = List.of(report(ShardId.guild(1), Role.LIVE, 4), report(ShardId.guild(3), Role.LIVE, 9));
            coordinator.breakStreams();
            await().until(() -> coordinator.reports.size() == 2);
            assertThat(coordinator.reports.get(1).getHello()).isEqualTo(HELLO);
            assertThat(coordinator.reports.get(1).getShardsList()).isEqualTo(held);
        }
    }

    @Test
    void followsTheLeaderThatAReplicaNames() {
        try (var leader = new FakeCoordinator();
                var node = registration(FAST)) {
            coordinator.refuseNodes("NOT_LEADER", leader.address());
            node.start(directives, () -> held);
            await().until(() -> leader.reports.stream().anyMatch(NodeReport::hasHello));
        }
    }

    @Test
    void retriesWhileNoLeaderIsKnown() {
        try (var node = registration(FAST);
                var leader = new FakeCoordinator()) {
            coordinator.refuseNodes("NOT_LEADER", "");
            node.start(directives, () -> held);
            coordinator.refuseNodes("NOT_LEADER", leader.address());
            await().until(() -> !leader.reports.isEmpty());
        }
    }

    @Test
    void returnsToItsTargetsWhenTheNamedLeaderIsGone() {
        var leader = new FakeCoordinator();
        try (var node = registration(FAST)) {
            coordinator.refuseNodes("NOT_LEADER", leader.address());
            node.start(directives, () -> held);
            await().until(() -> !leader.reports.isEmpty());
            var next = new FakeCoordinator();
            try {
                coordinator.refuseNodes("NOT_LEADER", next.address());
                leader.close();
                await().until(() -> !next.reports.isEmpty());
            } finally {
                next.close();
            }
        }
    }

    @Test
    void reportsThatItsTopologyWasRefused() {
        try (var node = registration(FAST)) {
            coordinator.refuseNodes("TOPOLOGY_DIFFERS", "");
            node.start(directives, () -> held);
            await().until(() -> refusals.contains("refused: TOPOLOGY_DIFFERS"));
        }
    }

    @Test
    void endsItsStreamInOrderWhenClosed() {
        var node = registration(NEVER_RENEWED);
        node.start(directives, () -> held);
        await().until(() -> coordinator.reports.size() == 1);
        node.close();
        await().untilAsserted(() -> assertThat(coordinator.ended).containsExactly("completed"));
        node.reportSoon();
        node.close();
    }

    private GrpcNodeRegistration registration(CoordinationTimes times) {
        return new GrpcNodeRegistration(
                CoordinatorTargets.parse(coordinator.address()),
                times,
                TestIdentity.of(PeerRole.SESSION),
                HELLO,
                refusals::add);
    }

    private void direct(ShardId shard, Directive.Action action, long epoch) {
        coordinator
                .nodes
                .getLast()
                .onNext(Directive.newBuilder()
                        .setShard(shard.toRef())
                        .setAction(action)
                        .setEpoch(epoch)
                        .build());
    }

    private static ShardReport report(ShardId shard, Role role, long epoch) {
        return ShardReport.newBuilder()
                .setShard(shard.toRef())
                .setRole(role)
                .setEpoch(epoch)
                .build();
    }

    private static final class RecordedDirectives implements NodeRegistration.Directives {
        final List<String> seen = new CopyOnWriteArrayList<>();
        volatile ShardId failOn = ShardId.user(99);

        @Override
        public void follow(ShardId shard) {
            if (shard.equals(failOn)) {
                throw new IllegalStateException("a node's bug");
            }
            seen.add("follow " + shard);
        }

        @Override
        public void claim(ShardId shard, long epoch) {
            seen.add("claim " + shard + " " + epoch);
        }

        @Override
        public void release(ShardId shard) {
            seen.add("release " + shard);
        }
    }
}
