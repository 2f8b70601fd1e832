package dev.guildcast.brokers;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;

/// One Kafka node, broker and controller in one, inside this JVM and on the loopback address.
///
/// - **Owner:** the caller of [#start]; [#close] may be called from any thread, once.
/// - **Bound:** small buffers and two threads of each kind: enough for tests and a laptop.
/// - **Promise:** when [#start] returns, this server accepts requests at [#bootstrap].
public final class EmbeddedKafka implements KafkaBroker {
    /// Another process may take the free port first; five failures in a row have another cause.
    private static final int PORT_ATTEMPTS_MAX = 5;
    /// The cluster has one node.
    private static final int NODE_ID = 1;

    private final KafkaRaftServer server;
    private final int port;
    private final Path data;
    private final boolean keepData;

    private EmbeddedKafka(KafkaRaftServer server, int port, Path data, boolean keepData) {
        this.server = server;
        this.port = port;
        this.data = data;
        this.keepData = keepData;
    }

    /// Starts an empty broker on a free port; closing it deletes its data.
    public static EmbeddedKafka start() {
        return start(0, TemporaryFolders.temporary("guildcast-kafka-"), false);
    }

    /// Starts a broker that keeps its data.
    ///
    /// @param port of the clients, 0 for a free one
    /// @param data a folder of its own, empty or left by an earlier broker
    /// @throws IllegalStateException if the port is taken
    public static EmbeddedKafka start(int port, Path data) {
        return start(port, data, true);
    }

    private static EmbeddedKafka start(int port, Path data, boolean keepData) {
        QuietLogs.quietKafka();
        for (int attempt = 1; ; attempt++) {
            int clientPort = port == 0 ? FreePort.find() : port;
            int controllerPort = FreePort.find();
            var config = new KafkaConfig(settings(clientPort, controllerPort, data), false);
            format(data, NODE_ID, Uuid.randomUuid().toString());
            var server = new KafkaRaftServer(config, Time.SYSTEM);
            try {
                server.startup();
                return new EmbeddedKafka(server, clientPort, data, keepData);
            } catch (RuntimeException e) {
                server.shutdown();
                if (attempt == PORT_ATTEMPTS_MAX || port != 0) {
                    throw new IllegalStateException(
                            "Kafka did not start on port " + clientPort + ": "
                                    + rootCause(e).getMessage(),
                            e);
                }
            }
        }
    }

    private static Throwable rootCause(Throwable e) {
        return e.getCause() == null ? e : rootCause(e.getCause());
    }

    /// Prepares the folder of a node that has never run.
    static void format(Path data, int nodeId, String clusterId) {
        if (Files.exists(data.resolve("meta.properties"))) {
            return;
        }
        var formatter = new Formatter()
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
                .setNodeId(nodeId)
                .setClusterId(clusterId)
                .setControllerListenerName("CONTROLLER")
                .setMetadataLogDirectory(data.toString())
                .setReleaseVersion(MetadataVersion.latestProduction())
                .addDirectory(data.toString());
        try {
            formatter.run();
        } catch (Exception e) {
            throw new IllegalStateException("cannot prepare the folder of Kafka's data: " + e.getMessage(), e);
        }
    }

    /// Settings of a cluster of one node.
    static Map<String, Object> settings(int clientPort, int controllerPort, Path data) {
        var settings = new HashMap<String, Object>();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", NODE_ID);
        settings.put("controller.quorum.voters", NODE_ID + "@127.0.0.1:" + controllerPort);
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("inter.broker.listener.name", "CLIENTS");
        settings.put("listeners", "CLIENTS://127.0.0.1:" + clientPort + ",CONTROLLER://127.0.0.1:" + controllerPort);
        settings.put("advertised.listeners", "CLIENTS://127.0.0.1:" + clientPort);
        settings.put("listener.security.protocol.map", "CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put("log.dirs", data.toString());
        settings.put("auto.create.topics.enable", "false");
        settings.put("num.partitions", "1");
        settings.put("default.replication.factor", "1");
        for (String internal : List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
            settings.put(internal + ".num.partitions", "1");
            settings.put(internal + ".replication.factor", "1");
        }
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
        settings.put("group.initial.rebalance.delay.ms", "0");
        settings.put("log.cleaner.dedupe.buffer.size", "2097152");
        settings.put("log.cleaner.backoff.ms", "1000");
        settings.put("num.network.threads", "2");
        settings.put("num.io.threads", "2");
        settings.put("num.replica.fetchers", "1");
        settings.put("background.threads", "2");
        settings.put("message.max.bytes", Integer.toString(10 << 20));
        // A killed broker can register again only after its previous session has expired.
        settings.put("broker.session.timeout.ms", "6000");
        settings.put("broker.heartbeat.interval.ms", "1000");
        return settings;
    }

    @Override
    public String bootstrap() {
        return "127.0.0.1:" + port;
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
        if (!keepData) {
            TemporaryFolders.delete(data);
        }
    }

    /// For the shutdown of the JVM: the data is not used again, so nothing is flushed.
    void abandonData() {
        // A broker halts its JVM when its folder disappears, which would fail tests that have passed.
        Exit.setHaltProcedure((status, message) -> {
            throw new IllegalStateException("the broker ended: " + message);
        });
        if (!keepData) {
            TemporaryFolders.delete(data);
        }
    }
}
