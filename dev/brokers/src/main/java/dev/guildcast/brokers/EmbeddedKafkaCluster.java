package dev.guildcast.brokers;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;

/// Several Kafka nodes in this JVM, of which single ones can be stopped: for tests of leader elections, and of
/// partitions without a leader. The first node is the controller and cannot be stopped.
///
/// - **Owner:** the caller of [#start].
/// - **Bound:** that of [EmbeddedKafka], for each node.
/// - **Promise:** when [#start] returns, every node accepts requests.
public final class EmbeddedKafkaCluster implements AutoCloseable {
    private static final int CONTROLLER = 1;

    private final List<KafkaRaftServer> servers;
    private final List<Path> folders;
    private final String bootstrap;

    private EmbeddedKafkaCluster(List<KafkaRaftServer> servers, List<Path> folders, String bootstrap) {
        this.servers = servers;
        this.folders = folders;
        this.bootstrap = bootstrap;
    }

    /// Starts empty brokers with the ids from 1 to `count`.
    public static EmbeddedKafkaCluster start(int count) {
        QuietLogs.quietKafka();
        var clusterId = Uuid.randomUuid().toString();
        int controllerPort = FreePort.find();
        var clientPorts =
                IntStream.range(0, count).mapToObj(i -> FreePort.find()).toList();
        var servers = new ArrayList<KafkaRaftServer>();
        var folders = new ArrayList<Path>();
        for (int id = CONTROLLER; id <= count; id++) {
            var data = TemporaryFolders.temporary("guildcast-kafka-" + id + "-");
            folders.add(data);
            EmbeddedKafka.format(data, id, clusterId);
            var settings = EmbeddedKafka.settings(clientPorts.get(id - 1), controllerPort, data);
            settings.putAll(nodeSettings(id, clientPorts.get(id - 1)));
            servers.add(new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM));
        }
        var cluster = new EmbeddedKafkaCluster(
                servers,
                folders,
                clientPorts.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(",")));
        try {
            // Each start waits for the controller.
            CompletableFuture.allOf(servers.stream()
                            .map(server -> CompletableFuture.runAsync(server::startup, Thread.ofPlatform()::start))
                            .toArray(CompletableFuture<?>[]::new))
                    .join();
        } catch (CompletionException e) {
            cluster.close();
            throw new IllegalStateException("Kafka did not start: " + e.getCause(), e);
        }
        return cluster;
    }

    private static Map<String, Object> nodeSettings(int id, int clientPort) {
        if (id == CONTROLLER) {
            return Map.of();
        }
        return Map.of(
                "process.roles",
                "broker",
                "node.id",
                id,
                "listeners",
                "CLIENTS://127.0.0.1:" + clientPort,
                "advertised.listeners",
                "CLIENTS://127.0.0.1:" + clientPort);
    }

    /// Addresses of all nodes, comma-separated.
    public String bootstrap() {
        return bootstrap;
    }

    /// Stops a node: partitions that have no other replica have no leader from then on.
    ///
    /// @param id from 2 to the number of nodes
    public void stop(int id) {
        if (id == CONTROLLER) {
            throw new IllegalArgumentException("node " + id + " (expected: another than the controller)");
        }
        var server = servers.get(id - 1);
        server.shutdown();
        server.awaitShutdown();
    }

    @Override
    public void close() {
        for (var server : servers.reversed()) {
            server.shutdown();
            server.awaitShutdown();
        }
        folders.forEach(TemporaryFolders::delete);
    }
}
