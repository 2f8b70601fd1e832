package dev.guildcast.shard.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.brokers.Brokers;
import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topics;
import dev.guildcast.shard.storage.CheckpointWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A node restores a shard while its owner goes on committing checkpoints, each larger than one poll of the reader, to
/// a topic that the broker compacts meanwhile: a hand-over, or a failover that was none.
@Timeout(120)
class RestoreUnderCommitsIT {
    private static final ShardId SHARD = ShardId.session(0);
    /// Above the 10 000 records that one poll returns at most.
    private static final int ENTITIES = 14_000;
    private static final Duration LENGTH = Duration.ofSeconds(12);

    private final Topics topics = new Topics("restore-it-" + System.nanoTime() + ".");
    private final String bootstrap = Brokers.shared().kafkaBootstrap();
    private final KafkaSettings settings = KafkaSettings.of(bootstrap, topics);
    private final TopicPartition state = new TopicPartition(topics.state(SHARD.kind()), 0);

    @Test
    void eachRestoreIsAStateThatTheOwnerHadAtThatPosition() throws Exception {
        createCompactedTopic();
        long seed = System.nanoTime();
        var owner = new Owner(new Random(seed));
        owner.commitOnce();
        var writing = Thread.ofPlatform().name("owner").start(owner);
        int restores = 0;
        long deadline = System.nanoTime() + LENGTH.toNanos();
        try (var storage = new KafkaShardStorage(settings)) {
            while (System.nanoTime() - deadline < 0) {
                var restored = new HashMap<String, byte[]>();
                long position = storage.restore(SHARD, restored::put);
                assertThat(mismatch(owner.history.get(position), restored))
                        .as("seed %d, restore %d, position %d", seed, restores, position)
                        .isEmpty();
                restores++;
            }
        } finally {
            owner.ended.set(true);
            writing.join();
        }
        assertThat(owner.failure.get()).isNull();
        assertThat(owner.position).as("commits meanwhile").isGreaterThan(20);
        assertThat(restores).isGreaterThan(5);
    }

    private static String mismatch(@Nullable Map<String, String> expected, Map<String, byte[]> restored) {
        if (expected == null) {
            return "the owner never committed this position";
        }
        var actual = restored.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> new String(entry.getValue(), StandardCharsets.UTF_8)));
        long different = expected.entrySet().stream()
                .filter(entry -> !entry.getValue().equals(actual.get(entry.getKey())))
                .count();
        long superfluous = actual.keySet().stream()
                .filter(key -> !expected.containsKey(key))
                .count();
        return different + superfluous == 0
                ? ""
                : different + " of " + expected.size() + " entities differ, " + superfluous + " should not be there";
    }

    private void createCompactedTopic() throws InterruptedException, ExecutionException {
        var topic = new NewTopic(state.topic(), 1, (short) 1)
                .configs(Map.of(
                        "cleanup.policy", "compact",
                        "segment.bytes", Integer.toString(1 << 20),
                        "min.cleanable.dirty.ratio", "0.01",
                        "max.compaction.lag.ms", "100"));
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(List.of(topic)).all().get();
        }
    }

    /// Commits checkpoints without a pause, and remembers the state at each position.
    private final class Owner implements Runnable {
        private final Random random;
        private final KafkaCheckpointWriter writer = new KafkaCheckpointWriter(
                new KafkaClients(settings), state, topics.checkpointTransactionalId(SHARD), Runnable::run);
        private final Map<String, String> entities = new HashMap<>();
        private final ConcurrentMap<Long, Map<String, String>> history = new ConcurrentHashMap<>();
        private final AtomicBoolean ended = new AtomicBoolean();
        private final AtomicReference<Throwable> failure = new AtomicReference<>();
        private volatile long position;

        Owner(Random random) throws Exception {
            this.random = random;
            // Kafka acknowledges a commit before readers see it: the first restore may find no checkpoint.
            history.put(0L, Map.of());
            var begun = new CompletableFuture<Boolean>();
            writer.begin(begun::complete);
            assertThat(begun.get(30, TimeUnit.SECONDS)).isTrue();
        }

        @Override
        public void run() {
            try {
                while (!ended.get()) {
                    commitOnce();
                }
            } catch (Exception | AssertionError e) {
                failure.set(e);
            } finally {
                writer.close();
            }
        }

        private void commitOnce() throws InterruptedException, ExecutionException, TimeoutException {
            long next = position + 1;
            boolean all = random.nextInt(4) == 0;
            Map<String, byte @Nullable []> changes = new HashMap<>();
            for (int i = 0; i < ENTITIES; i++) {
                if (!all && random.nextInt(3) != 0) {
                    continue;
                }
                var key = "entity/" + i;
                if (random.nextInt(20) == 0) {
                    entities.remove(key);
                    changes.put(key, null);
                } else {
                    var value = next + "/" + i + "/" + Long.toHexString(random.nextLong());
                    entities.put(key, value);
                    changes.put(key, value.getBytes(StandardCharsets.UTF_8));
                }
            }
            // Before the commit: a restore may see it before this thread knows that it succeeded.
            history.put(next, Map.copyOf(entities));
            position = next;
            commit(next, changes);
        }

        private void commit(long at, Map<String, byte @Nullable []> changes)
                throws InterruptedException, ExecutionException, TimeoutException {
            var done = new CompletableFuture<Boolean>();
            CheckpointWriter.CheckpointCallback callback = done::complete;
            writer.commit(at, changes, callback);
            assertThat(done.get(30, TimeUnit.SECONDS)).as("commit at %d", at).isTrue();
        }
    }
}
