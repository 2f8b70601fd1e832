package dev.guildcast.shard.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.guildcast.brokers.Brokers;
import dev.guildcast.brokers.TestTopics;
import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topics;
import dev.guildcast.contract.Topology;
import dev.guildcast.event.v1.GuildEvent;
import dev.guildcast.event.v1.GuildRecord;
import dev.guildcast.shard.RecordCodecs;
import dev.guildcast.shard.ShardCounters;
import dev.guildcast.shard.ShardDefinition;
import dev.guildcast.shard.ShardListener;
import dev.guildcast.shard.ShardSettings;
import dev.guildcast.shard.coordination.NodeRegistration;
import dev.guildcast.shard.memory.CollectMachine;
import dev.guildcast.shard.memory.RelayMachine;
import dev.guildcast.shard.node.ShardNode;
import dev.guildcast.shard.storage.EphemeralReader;
import dev.guildcast.shard.v1.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class KafkaShardNodeIT {
    private static final Topology TOPOLOGY = new Topology(1, 0, 1, 1);
    private static final ShardId GUILD = ShardId.guild(0);
    private static final ShardId SESSION = ShardId.session(0);
    private static final Duration WITHIN = Duration.ofSeconds(40);

    private final Topics topics = new Topics("node-it-" + System.nanoTime() + ".");
    private final String bootstrap = Brokers.shared().kafkaBootstrap();
    private final List<ShardNode> nodes = new ArrayList<>();

    @AfterEach
    void closeNodes() {
        nodes.forEach(ShardNode::close);
    }

    @Test
    void aSuccessorRestoresAndEmitsNothingTwiceAndLosesNothing() {
        TestTopics.create(bootstrap, topics, TOPOLOGY);
        var sessions = new Node("s", SESSION);
        sessions.claim(1);
        var first = new Node("a", GUILD);
        first.claim(1);
        publish(0, 300);
        await().atMost(WITHIN).until(() -> sessions.received().size() == 300);
        await().atMost(WITHIN).until(() -> first.position() > 301); // a checkpoint marker is in the log

        var second = new Node("b", GUILD);
        publish(300, 400);
        second.claim(2);
        await().atMost(WITHIN).until(() -> second.role() == Role.LIVE);
        await().atMost(WITHIN).until(() -> first.role() == Role.STOPPED);
        publish(400, 500);
        await().atMost(WITHIN).until(() -> sessions.received().size() >= 500);

        assertThat(sessions.received())
                .isEqualTo(IntStream.rangeClosed(1, 500).mapToObj(i -> "7:" + i).toList());
    }

    @Test
    void aClaimThatIsNotAboveTheLogsIsReported() {
        TestTopics.create(bootstrap, topics, TOPOLOGY);
        var first = new Node("a", SESSION);
        first.claim(5);
        await().atMost(WITHIN).until(() -> first.role() == Role.LIVE);

        var late = new Node("b", SESSION);
        late.claim(5);

        await().atMost(WITHIN).until(() -> late.role() == Role.STOPPED);
        assertThat(first.role()).isEqualTo(Role.LIVE);
    }

    @Test
    void aLaneThatWasTrimmedBeforeItWasReadEndsNoShard() throws Exception {
        TestTopics.create(bootstrap, topics, TOPOLOGY);
        var sessions = new Node("s", SESSION);
        sessions.claim(1);
        var node = new Node("a", GUILD);
        node.follow();
        await().atMost(WITHIN).until(() -> node.role() == Role.FOLLOWING);
        // A follower reads nothing of the lane: its reader fills up and stops.
        publishEphemeral(20_000);
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.deleteRecords(Map.of(
                            new TopicPartition(topics.guildEphemeral(), 0), RecordsToDelete.beforeOffset(20_000)))
                    .all()
                    .get();
        }
        node.claim(1);
        await().atMost(WITHIN).until(() -> node.skipped.get() > 10_000);
        publishEphemeral(1);
        await().atMost(WITHIN).until(() -> sessions.received().contains("typing:20000"));
        publish(0, 1);
        await().atMost(WITHIN).until(() -> sessions.received().contains("7:1"));

        assertThat(node.role()).isEqualTo(Role.LIVE);
        assertThat(node.created).as("incarnations").hasValue(1);
    }

    private void publishEphemeral(int count) {
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", bootstrap),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (int i = 0; i < count; i++) {
                var unused = producer.send(new ProducerRecord<>(
                        topics.guildEphemeral(),
                        0,
                        null,
                        GuildRecord.getDefaultInstance().toByteArray()));
            }
        }
    }

    private void publish(int from, int to) {
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", bootstrap),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (int i = from; i < to; i++) {
                var record = GuildRecord.newBuilder()
                        .setEvent(GuildEvent.newBuilder().setGuildId(7))
                        .build();
                var unused = producer.send(new ProducerRecord<>(topics.guildEvents(), 0, null, record.toByteArray()));
            }
        }
    }

    private final class Node implements NodeRegistration {
        private final ShardId shard;
        private final ShardNode node;
        private final Map<ShardId, CollectMachine> machines = new ConcurrentHashMap<>();
        private final AtomicLong skipped = new AtomicLong();
        private final AtomicInteger created = new AtomicInteger();
        private Directives directives;
        private Reports reports;
        private volatile Role last = Role.ROLE_UNSPECIFIED;

        Node(String name, ShardId shard) {
            this.shard = shard;
            node = new ShardNode(
                    name,
                    new KafkaShardStorage(KafkaSettings.of(bootstrap, topics)),
                    this::create,
                    this,
                    ShardSettings::guildDefaults,
                    id -> new ShardCounters() {
                        @Override
                        public void onEphemeralSkipped(EphemeralReader.Skipped each) {
                            skipped.addAndGet(each.trimmed());
                        }
                    });
            nodes.add(node);
            node.start();
        }

        private ShardDefinition<?, ?> create(ShardId id) {
            created.incrementAndGet();
            if (id.kind() == ShardId.Kind.GUILD) {
                return new ShardDefinition<>(RecordCodecs.GUILD, new RelayMachine(1), new ShardListener<>() {}, true);
            }
            var machine = new CollectMachine();
            machines.put(id, machine);
            return new ShardDefinition<>(RecordCodecs.SESSION, machine, new ShardListener<>() {}, false);
        }

        void follow() {
            directives.follow(shard);
        }

        void claim(long epoch) {
            directives.claim(shard, epoch);
        }

        Role role() {
            for (var report : reports.shards()) {
                last = report.getRole();
            }
            return last;
        }

        long position() {
            return node.statuses().getFirst().position();
        }

        List<String> received() {
            return List.copyOf(machines.get(SESSION).received);
        }

        @Override
        public void start(Directives given, Reports asked) {
            directives = given;
            reports = asked;
        }

        @Override
        public void reportSoon() {
            // The test queries the reports.
        }

        @Override
        public void leave() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {
            // Holds nothing.
        }
    }
}
