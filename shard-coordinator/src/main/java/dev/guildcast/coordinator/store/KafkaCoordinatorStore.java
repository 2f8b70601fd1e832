package dev.guildcast.coordinator.store;

import dev.guildcast.coordinator.ClusterState;
import dev.guildcast.coordinator.Decision;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Decisions in the compacted topic `coordinator.state`, one transaction each.
///
/// - **Owner:** one thread follows; [#openAsLeader] and the [LeaderStore] that it returns belong to the caller's
/// thread.
/// - **Bound:** the records of one poll.
/// - **Promise:** a new leader fences the previous one, wherever it runs: what that has not committed by then it never
///   will.
public final class KafkaCoordinatorStore implements CoordinatorStore {
    private static final Logger log = LoggerFactory.getLogger(KafkaCoordinatorStore.class);
    /// A poll without records ends after this; bounds how long a close waits.
    private static final Duration POLL = Duration.ofMillis(200);

    /// Before the follower connects again after a failure.
    private static final long RETRY_MILLIS = 1_000;

    /// For the follower's thread to end; it is a daemon and does not hold up the JVM after that.
    private static final long JOIN_MILLIS = 5_000;

    private final String bootstrapServers;
    private final TopicPartition partition;
    private final String transactionalId;
    private final StoreProperties properties;
    private @Nullable Thread followThread;
    private volatile boolean closed;

    /// @param topic with one partition, compacted; it must exist before the first call
    /// @param transactionalId the same for all replicas of one installation
    public KafkaCoordinatorStore(
            String bootstrapServers, String topic, String transactionalId, StoreProperties properties) {
        this.bootstrapServers = bootstrapServers;
        this.partition = new TopicPartition(topic, 0);
        this.transactionalId = transactionalId;
        this.properties = properties;
    }

    @Override
    public void follow(Consumer<Decision> decisions) {
        followThread = Thread.ofPlatform().daemon().name("coordinator-follow").start(() -> {
            while (!closed) {
                try (var consumer = newConsumer()) {
                    followWith(consumer, decisions);
                } catch (KafkaException fault) {
                    log.warn(
                            "reading {} failed: {}; trying again, and serving the shard map that was read last",
                            partition.topic(),
                            fault.toString());
                    pause();
                }
            }
        });
    }

    private void pause() {
        try {
            Thread.sleep(RETRY_MILLIS);
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            closed = true;
        }
    }

    private void followWith(KafkaConsumer<String, byte[]> consumer, Consumer<Decision> decisions) {
        var follower = new KafkaDecisionFollower(consumer, partition, properties.patience());
        while (!closed) {
            follower.poll(POLL, decisions);
        }
    }

    private long endOffset(KafkaConsumer<String, byte[]> consumer) {
        return Objects.requireNonNull(
                consumer.endOffsets(List.of(partition), properties.patience()).get(partition));
    }

    @Override
    public LeaderStore openAsLeader() throws StoreException {
        KafkaProducer<String, byte[]> producer = null;
        try {
            producer = newProducer();
            producer.initTransactions();
            return new KafkaLeaderStore(producer, readAll());
        } catch (KafkaException fault) {
            if (producer != null) {
                producer.close(Duration.ZERO);
            }
            throw new StoreException("cannot become writer of the coordinator's topic: " + fault.getMessage(), fault);
        }
    }

    private ClusterState readAll() throws StoreException {
        long deadlineNanos = System.nanoTime() + properties.patience().toNanos();
        try (var consumer = newConsumer()) {
            var reader = new StateCodec.DecisionReader();
            // Nobody commits after this replica has fenced its predecessor: what lies below this end is complete.
            long endOffset = endOffset(consumer);
            while (consumer.position(partition) < endOffset) {
                consumer.poll(POLL).forEach(record -> reader.read(record.key(), record.value()));
                if (System.nanoTime() - deadlineNanos > 0) {
                    throw new StoreException(
                            "reading the coordinator's topic took longer than coordinator.store.patience, "
                                    + properties.patience());
                }
            }
            return reader.takeDecision().map(ClusterState.EMPTY::with).orElse(ClusterState.EMPTY);
        }
    }

    private KafkaConsumer<String, byte[]> newConsumer() {
        var consumer = new KafkaConsumer<>(
                Map.<String, Object>of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                        false,
                        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        timeoutMillis()),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        return consumer;
    }

    private KafkaProducer<String, byte[]> newProducer() {
        return new KafkaProducer<>(
                Map.<String, Object>of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                        transactionalId,
                        ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                        timeoutMillis(),
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        timeoutMillis(),
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                        timeoutMillis(),
                        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                        timeoutMillis() / 2,
                        ProducerConfig.LINGER_MS_CONFIG,
                        0,
                        ProducerConfig.ACKS_CONFIG,
                        "all"),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    private int timeoutMillis() {
        return Math.toIntExact(properties.patience().toMillis());
    }

    @Override
    public void close() {
        closed = true;
        var running = followThread;
        if (running != null) {
            try {
                running.join(JOIN_MILLIS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private final class KafkaLeaderStore implements LeaderStore {
        private final KafkaProducer<String, byte[]> producer;
        private final ClusterState initialState;

        KafkaLeaderStore(KafkaProducer<String, byte[]> producer, ClusterState initialState) {
            this.producer = producer;
            this.initialState = initialState;
        }

        @Override
        public ClusterState initialState() {
            return initialState;
        }

        @Override
        public void commit(Decision decision) throws StoreException {
            try {
                producer.beginTransaction();
                StateCodec.encode(decision)
                        .forEach((key, value) -> producer.send(
                                new ProducerRecord<>(partition.topic(), partition.partition(), key, value)));
                producer.commitTransaction();
            } catch (KafkaException | IllegalStateException fault) {
                // Whether it was committed is uncertain; only a new leader, which reads the topic, knows.
                throw new StoreException("decision " + decision.revision() + " was not committed: " + fault, fault);
            }
        }

        @Override
        public void close() {
            producer.close(Duration.ZERO);
        }
    }
}
