package dev.guildcast.coordinator.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.guildcast.brokers.Brokers;
import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topology;
import dev.guildcast.coordinator.CoordinatorApplication;
import dev.guildcast.coordinator.replica.CoordinatorReplica;
import dev.guildcast.shard.access.PeerRole;
import dev.guildcast.shard.coordination.CoordinationTimes;
import dev.guildcast.shard.coordination.CoordinatorTargets;
import dev.guildcast.shard.coordination.GrpcShardMap;
import dev.guildcast.shard.testing.TestIdentity;
import dev.guildcast.shard.v1.CoordinatorGrpc;
import dev.guildcast.shard.v1.Directive;
import dev.guildcast.shard.v1.DrainRequest;
import dev.guildcast.shard.v1.GetMapRequest;
import dev.guildcast.shard.v1.MapSnapshot;
import dev.guildcast.shard.v1.MoveRequest;
import dev.guildcast.shard.v1.NodeHello;
import dev.guildcast.shard.v1.NodeReport;
import dev.guildcast.shard.v1.PinRequest;
import dev.guildcast.shard.v1.ShardKind;
import dev.guildcast.shard.v1.ShardState;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;

class CoordinatorFailoverIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final ShardId.Kind[] FANOUT = {ShardId.Kind.GUILD, ShardId.Kind.USER};
    private static final ShardId.Kind[] SESSION = {ShardId.Kind.SESSION};

    private final String prefix = "it-" + UUID.randomUUID() + ".";
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (var closeable : open.reversed()) {
            closeable.close();
        }
    }

    @Test
    void placesEveryShardAndFailsOverWhenTheLeaderCloses() throws Exception {
        var first = replica();
        var second = replica();
        assertThat(get(first, "/actuator/health/readiness")).contains("UP");
        assertThat(get(second, "/actuator/health/readiness")).contains("UP");
        var targets = address(first) + "," + address(second);
        var nodes = List.of(
                node("f1", targets, FANOUT),
                node("s1", targets, SESSION),
                node("f2", targets, FANOUT),
                node("s2", targets, SESSION));
        var map = new GrpcShardMap(
                CoordinatorTargets.parse(targets), CoordinationTimes.DEFAULT, TestIdentity.of(PeerRole.GATEWAY));
        open.add(map);
        map.start();
        await().atMost(TIMEOUT).until(() -> isAllActive(second));
        assertThat(get(second, "/actuator/shards")).contains("\"phase\":\"ACTIVE\"", "session-3", "\"revision\":");
        assertThat(nodes).allSatisfy(node -> assertThat(node.live()).isNotEmpty());
        var before = owners(nodes);
        await().atMost(TIMEOUT).until(() -> map.owner(ShardId.session(0)).isPresent());

        var leader = first.getBean(CoordinatorReplica.class).isLeading() ? first : second;
        var other = leader == first ? second : first;
        leader.close();
        await().atMost(TIMEOUT)
                .until(() -> other.getBean(CoordinatorReplica.class).isLeading());
        await().atMost(TIMEOUT).until(() -> snapshot(other).getNodesCount() == 4);

        // The new leader detects a node that dies now, and epochs continue.
        nodes.getFirst().close();
        await().atMost(TIMEOUT).until(() -> snapshot(other).getNodesCount() == 3 && isAllActive(other));
        var after = owners(nodes.subList(1, 4));
        before.forEach((shard, owner) -> {
            if (owner.startsWith("f1@")) {
                assertThat(after.get(shard)).isEqualTo("f2@" + (Long.parseLong(owner.substring(3)) + 1));
            } else {
                assertThat(after.get(shard))
                        .as("%s had no reason to move", shard)
                        .isEqualTo(owner);
            }
        });
        await().atMost(TIMEOUT)
                .until(() -> map.owner(ShardId.guild(0)).orElseThrow().nodeId().equals("f2"));
    }

    @Test
    void movesPinsAndDrainsShardsAndRejectsInvalidRequests() throws Exception {
        var replica = replica();
        var targets = address(replica);
        var s1 = node("s1", targets, SESSION);
        var f1 = node("f1", targets, FANOUT);
        await().atMost(TIMEOUT).until(() -> isAllActive(replica));
        var s2 = node("s2", targets, SESSION);
        await().atMost(TIMEOUT).until(() -> snapshot(replica).getNodesCount() == 3);
        var stub = CoordinatorGrpc.newBlockingStub(operator(address(replica))).withDeadlineAfter(30, TimeUnit.SECONDS);

        stub.move(MoveRequest.newBuilder()
                .setShard(ShardId.session(0).toRef())
                .setToNode("s2")
                .build());
        await().atMost(TIMEOUT).until(() -> s2.live().containsKey(ShardId.session(0)));
        await().atMost(TIMEOUT).until(() -> s1.directives().contains("release session-0"));
        assertThat(s2.directives()).startsWith("follow session-0", "claim session-0 2");

        stub.pin(PinRequest.newBuilder()
                .setShard(ShardId.session(1).toRef())
                .setNodeId("s2")
                .build());
        await().atMost(TIMEOUT).until(() -> s2.live().containsKey(ShardId.session(1)));

        // A shard that stops by itself is claimed again, under the next epoch.
        f1.fail(ShardId.guild(2));
        await().atMost(TIMEOUT).until(() -> f1.directives().contains("claim guild-2 2"));

        var drained = stub.drain(DrainRequest.newBuilder().setNodeId("s1").build());
        assertThat(drained.getShardsLeft()).isZero();
        assertThat(s2.live()).hasSize(4);

        assertThatThrownBy(() -> stub.move(MoveRequest.newBuilder()
                        .setShard(ShardId.session(0).toRef())
                        .setToNode("nobody")
                        .build()))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("NOT_FOUND")
                .hasMessageContaining("nobody");
        assertThatThrownBy(() -> stub.move(MoveRequest.newBuilder()
                        .setShard(ShardId.session(0).toRef())
                        .setToNode("f1")
                        .build()))
                .hasMessageContaining("cannot own session-0");
        assertThatThrownBy(() -> stub.move(MoveRequest.newBuilder()
                        .setShard(ShardId.session(99).toRef())
                        .setToNode("s2")
                        .build()))
                .hasMessageContaining("there is no shard session-99");
    }

    @Test
    void rejectsNodesAndReplicasWithAnotherTopology() throws Exception {
        var replica = replica();
        var mismatched = new RegisteredTestNode("odd", address(replica), new Topology(4, 1, 1, 8), prefix, SESSION);
        open.add(mismatched);
        mismatched.start();
        await().atMost(TIMEOUT).until(() -> !mismatched.rejections.isEmpty());
        assertThat(mismatched.rejections.getFirst()).contains("session-shards=8", "expected", "session-shards=4");

        assertThatThrownBy(() -> replica("--guildcast.topology.session-shards=8"))
                .rootCause()
                .hasMessageContaining("guildcast.topology")
                .hasMessageContaining("session-shards=8")
                .hasMessageContaining("session-shards=4");
    }

    @Test
    void aNodeOwnsNoShardsThatItsRoleDoesNot() throws Exception {
        var replica = replica();
        var node = NodeReport.newBuilder()
                .setHello(NodeHello.newBuilder()
                        .setNodeId("s1")
                        .setAddress("s1.test:1")
                        .addKinds(ShardKind.GUILD))
                .build();
        var refused = new CompletableFuture<Throwable>();
        var reports = CoordinatorGrpc.newStub(ClientInterceptors.intercept(
                        channel(address(replica)),
                        TestIdentity.of(PeerRole.SESSION).callInterceptor()))
                .register(new StreamObserver<>() {
                    @Override
                    public void onNext(Directive directive) {}

                    @Override
                    public void onError(Throwable failure) {
                        refused.complete(failure);
                    }

                    @Override
                    public void onCompleted() {}
                });
        reports.onNext(node);
        assertThat(refused)
                .succeedsWithin(TIMEOUT)
                .asInstanceOf(InstanceOfAssertFactories.THROWABLE)
                .hasMessageContaining("kinds [GUILD] (expected: [SESSION]");
    }

    private ConfigurableApplicationContext replica(String... more) {
        var args = new ArrayList<>(List.of(
                "--guildcast.kafka.bootstrap-servers=" + Brokers.shared().kafkaBootstrap(),
                "--guildcast.kafka.prefix=" + prefix,
                "--coordinator.topics.replication=1",
                "--coordinator.topics.min-insync=1",
                "--spring.grpc.server.port=0",
                TestIdentity.ARGUMENT,
                "--logging.level.kafka=warn",
                "--logging.level.state.change.logger=warn",
                "--server.port=0",
                "--server.address=127.0.0.1"));
        args.addAll(List.of(more));
        var context = CoordinatorApplication.start(args.toArray(String[]::new));
        open.add(context);
        return context;
    }

    private RegisteredTestNode node(String id, String targets, ShardId.Kind... kinds) {
        var node = new RegisteredTestNode(id, targets, Topology.SMALLEST, prefix, kinds).start();
        open.add(node);
        return node;
    }

    private static String address(ConfigurableApplicationContext context) {
        return "127.0.0.1:" + context.getBean(GrpcServerLifecycle.class).getPort();
    }

    private MapSnapshot snapshot(ConfigurableApplicationContext context) {
        return CoordinatorGrpc.newBlockingStub(operator(address(context)))
                .withDeadlineAfter(5, TimeUnit.SECONDS)
                .getMap(GetMapRequest.getDefaultInstance());
    }

    private Channel operator(String address) {
        return ClientInterceptors.intercept(
                channel(address), TestIdentity.of(PeerRole.OPERATOR).callInterceptor());
    }

    private final Map<String, ManagedChannel> channels = new TreeMap<>();

    private ManagedChannel channel(String address) {
        return channels.computeIfAbsent(address, to -> {
            var channel = NettyChannelBuilder.forTarget(to).usePlaintext().build();
            open.add(channel::shutdownNow);
            return channel;
        });
    }

    private boolean isAllActive(ConfigurableApplicationContext context) {
        var snapshot = snapshot(context);
        return snapshot.getEntriesCount() == Topology.SMALLEST.shards().size()
                && snapshot.getEntriesList().stream().allMatch(entry -> entry.getState() == ShardState.ACTIVE);
    }

    private static Map<ShardId, String> owners(List<RegisteredTestNode> nodes) {
        var owners = new TreeMap<ShardId, String>();
        nodes.forEach(node -> node.live().forEach((shard, epoch) -> owners.put(shard, node.id + "@" + epoch)));
        return owners;
    }

    private static String get(ConfigurableApplicationContext context, String path) throws Exception {
        var port = context.getEnvironment().getProperty("local.server.port");
        try (var client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }
}
