package dev.guildcast.coordinator.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topics;
import dev.guildcast.contract.Topology;
import dev.guildcast.coordinator.Leader;
import dev.guildcast.coordinator.Node;
import dev.guildcast.coordinator.lease.LeaseProperties;
import dev.guildcast.coordinator.map.MapProperties;
import dev.guildcast.coordinator.map.ShardMapPublisher;
import dev.guildcast.coordinator.placement.PlacementProperties;
import dev.guildcast.coordinator.store.MemoryCoordinatorStore;
import dev.guildcast.coordinator.store.MemoryLeaderElection;
import dev.guildcast.coordinator.store.StoreException;
import dev.guildcast.coordinator.topics.MemoryTopicAdmin;
import dev.guildcast.coordinator.topics.TopicPlan;
import dev.guildcast.coordinator.topics.TopicProperties;
import dev.guildcast.shard.v1.Directive;
import dev.guildcast.shard.v1.Role;
import dev.guildcast.shard.v1.ShardReport;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CoordinatorReplicaTest {
    private static final Topology TOPOLOGY = new Topology(1, 0, 1, 2);
    private static final ShardId S0 = ShardId.session(0);

    private final MemoryCoordinatorStore.SharedDecisions stored = new MemoryCoordinatorStore.SharedDecisions();
    private final MemoryLeaderElection.SharedCandidates election = new MemoryLeaderElection.SharedCandidates();
    private final MemoryTopicAdmin topics = new MemoryTopicAdmin();
    private final TopicPlan plan = new TopicPlan(new Topics("t."), TopicProperties.single());
    private final AtomicLong nowMillis = new AtomicLong();
    private final List<CoordinatorReplica> replicas = new ArrayList<>();
    private final Map<CoordinatorReplica, ShardMapPublisher> publishers = new HashMap<>();

    @AfterEach
    void close() {
        replicas.forEach(CoordinatorReplica::close);
    }

    @Test
    void theFirstReplicaCreatesTheTopicsAndLeadsAndTheSecondFollows() {
        var first = started("r1", TOPOLOGY);
        var second = started("r2", TOPOLOGY);
        assertThat(first.isLeading()).isTrue();
        assertThat(second.isLeading()).isFalse();
        assertThat(topics.topics()).containsKeys("t.coordinator.state", "t.session.log", "t.dead.letter");
        await().until(() -> second.leader().isPresent());
        assertThat(second.leader()).contains(new Leader("r1", "r1:1"));
        assertThat(runOnLeader(first, leadership -> {})).isTrue();
        assertThat(runOnLeader(second, leadership -> {})).isFalse();
    }

    @Test
    void aClosedReplicaIsReplacedByOneWithTheSameState() {
        var first = started("r1", TOPOLOGY);
        var second = started("r2", TOPOLOGY);
        var node = new RecordingNodeStream();
        placeOn(first, node);
        first.close();
        await().until(second::isLeading);
        assertThat(node.ended).isTrue();
        var map = published(second).map();
        assertThat(map.entries())
                .hasEntrySatisfying(
                        S0, entry -> assertThat(entry.getOwnerAddress()).isEqualTo("n:1"));

        var again = new RecordingNodeStream();
        runOnLeader(second, leadership -> leadership.onJoin(node("n"), List.of(live(S0, 1)), false, again));
        assertThat(again.directives).as("it keeps its shard").noneMatch(CoordinatorReplicaTest::isAboutS0);
    }

    @Test
    void aFencedLeaderStepsDownOnItsFirstFailedCommit() {
        var first = started("r1", TOPOLOGY);
        var second = started("r2", TOPOLOGY);
        var node = new RecordingNodeStream();
        placeOn(first, node);
        int directiveCount = node.directives.size();
        // Both believe that they are elected, as after a pause of the first.
        second.onElected();
        await().until(second::isLeading);
        runOnLeader(first, leadership -> leadership.move(ShardId.user(0), "n"));
        runOnLeader(first, leadership -> leadership.onJoin(node("late"), List.of(), false, new RecordingNodeStream()));
        await().until(() -> node.ended);
        assertThat(node.directives)
                .as("no directive without a committed decision")
                .hasSize(directiveCount);
        assertThat(published(second).state().nodes()).doesNotContainKey("late");
    }

    @Test
    void stepsDownWhileTheStoreIsUnavailableAndLeadsAgainAfterwards() {
        var replica = started("r1", TOPOLOGY);
        stored.failing(true);
        runOnLeader(replica, leadership -> leadership.onJoin(node("n"), List.of(), false, new RecordingNodeStream()));
        await().until(() -> !replica.isLeading());
        stored.failing(false);
        await().until(replica::isLeading);
        assertThat(published(replica).state().nodes()).isEmpty();
    }

    @Test
    void rejectsATopologyOtherThanTheInstallationsWithAClearMessage() {
        started("r1", TOPOLOGY);
        assertThatThrownBy(() -> started("r2", new Topology(1, 0, 1, 3)))
                .isInstanceOf(ConfigurationMismatchException.class)
                .hasMessageContaining("session-shards=3")
                .hasMessageContaining("session-shards=2");
    }

    @Test
    void rejectsMismatchedTopicsAndPlacesNoShard() {
        var odd = plan.shardTopics(new Topology(1, 0, 1, 9));
        odd.forEach(topics::put);
        assertThatThrownBy(() -> started("r1", TOPOLOGY))
                .hasMessageContaining("t.session.log has 9 partitions (expected: 2");
        assertThat(replicas.getFirst().isLeading()).isFalse();
        assertThat(published(replicas.getFirst()).state().topicsReady()).isFalse();
    }

    @Test
    void rejectsRequestsBeyondTheBound() {
        var replica = started("r1", TOPOLOGY);
        var hold = new CompletableFuture<Void>();
        replica.offer(request(leadership -> hold.join()));
        var offers = new ArrayList<CoordinatorReplica.Offer>();
        for (int i = 0; i < 12; i++) {
            offers.add(replica.offer(request(leadership -> {})));
        }
        assertThat(offers).contains(CoordinatorReplica.Offer.ACCEPTED, CoordinatorReplica.Offer.FULL);
        hold.complete(null);
        replica.close();
        assertThat(replica.offer(request(leadership -> {}))).isEqualTo(CoordinatorReplica.Offer.CLOSED);
    }

    private void placeOn(CoordinatorReplica replica, RecordingNodeStream node) {
        runOnLeader(replica, leadership -> leadership.onJoin(node("n"), List.of(), false, node));
        nowMillis.addAndGet(1_100);
        await().until(() -> node.directives.stream().anyMatch(CoordinatorReplicaTest::isAboutS0));
        runOnLeader(replica, leadership -> leadership.onReport("n", List.of(live(S0, 1)), false, node));
    }

    private ShardMapPublisher published(CoordinatorReplica replica) {
        return Objects.requireNonNull(publishers.get(replica));
    }

    private static boolean isAboutS0(Directive directive) {
        return directive.getShard().equals(S0.toRef());
    }

    private CoordinatorReplica started(String id, Topology topology) {
        var publisher = new ShardMapPublisher(MapProperties.DEFAULT);
        var replica = new CoordinatorReplica(
                new ReplicaKafka(new MemoryCoordinatorStore(stored), new MemoryLeaderElection(election), topics),
                new ReplicaSettings(
                        topology,
                        plan,
                        new LeaseProperties(Duration.ofSeconds(3), Duration.ofMillis(500), Duration.ofMillis(10)),
                        PlacementProperties.DEFAULT,
                        new MapProperties(16, 16, 10)),
                publisher,
                new CoordinatorMetrics(new SimpleMeterRegistry()),
                () -> TimeUnit.MILLISECONDS.toNanos(nowMillis.get()));
        replicas.add(replica);
        publishers.put(replica, publisher);
        replica.start(new Leader(id, id + ":1"));
        replica.awaitInitialized(Duration.ofSeconds(20));
        return replica;
    }

    private interface LeaderTask {
        void run(LeaderTerm leadership) throws StoreException;
    }

    /// Runs the task on the loop, and waits.
    ///
    /// @return whether the replica is the leader
    private static boolean runOnLeader(CoordinatorReplica replica, LeaderTask task) {
        var led = new CompletableFuture<Boolean>();
        replica.offer(new CoordinatorReplica.LeaderRequest() {
            @Override
            public void runAsLeader(LeaderTerm leadership) throws StoreException {
                try {
                    task.run(leadership);
                } finally {
                    led.complete(true);
                }
            }

            @Override
            public void rejectNotLeader() {
                led.complete(false);
            }
        });
        return led.join();
    }

    private static CoordinatorReplica.LeaderRequest request(LeaderTask task) {
        return new CoordinatorReplica.LeaderRequest() {
            @Override
            public void runAsLeader(LeaderTerm leadership) throws StoreException {
                task.run(leadership);
            }

            @Override
            public void rejectNotLeader() {
                // Nobody waits for the rejection.
            }
        };
    }

    private static Node node(String id) {
        return new Node(id, id + ":1", Set.of(ShardId.Kind.values()), Map.of(), false);
    }

    private static ShardReport live(ShardId shard, long epoch) {
        return ShardReport.newBuilder()
                .setShard(shard.toRef())
                .setRole(Role.LIVE)
                .setEpoch(epoch)
                .build();
    }

    private static final class RecordingNodeStream implements NodeStream {
        final List<Directive> directives = new CopyOnWriteArrayList<>();
        volatile boolean ended;

        @Override
        public void send(Directive directive) {
            directives.add(directive);
        }

        @Override
        public void endNotLeader() {
            ended = true;
        }

        @Override
        public void end(String why) {
            ended = true;
        }
    }
}
