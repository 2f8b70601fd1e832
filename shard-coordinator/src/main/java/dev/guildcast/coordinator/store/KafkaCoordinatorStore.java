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
/// - **Owner:** one thread follows; [#lead] and its tenure belong to the caller's.
/// - **Bound:** nothing is held but what one poll brings.
/// - **Promise:** a new tenure fences the one before it, wherever that is: what the old leader has not committed by
///   then it never will.
public final class KafkaCoordinatorStore implements CoordinatorStore {
    private static final Logger log = LoggerFactory.getLogger(KafkaCoordinatorStore.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final long RETRY_MILLIS = 1_000;
    private static final long JOIN_MILLIS = 5_000;

    private final String bootstrapServers;
    private final TopicPartition partition;
    private final String transactionalId;
    private final StoreProperties properties;
    private @Nullable Thread follower;
    private volatile boolean closed;

    /// @param topic with one partition, compacted; it must exist before anything is asked
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
        follower = Thread.ofPlatform().daemon().name("coordinator-follow").start(() -> {
            while (!closed) {
                try (var consumer = newConsumer()) {
                    followWith(consumer, decisions);
                } catch (KafkaException fault) {
                    log.warn("the coordinator's topic cannot be followed, trying again: {}", fault.toString());
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
        var reader = new StateCodec.Reader();
        // Compaction leaves no whole decisions behind: all up to the end counts as one.
        long end = end(consumer);
        while (!closed) {
            for (var record : consumer.poll(POLL)) {
                reader.read(record.key(), record.value());
                if (record.offset() >= end && record.key().equals(StateCodec.HEAD)) {
                    reader.take().ifPresent(decisions);
                }
            }
            if (end > 0 && consumer.position(partition) >= end) {
                end = 0;
                reader.take().ifPresent(decisions);
            }
        }
    }

    private long end(KafkaConsumer<String, byte[]> consumer) {
        return Objects.requireNonNull(
                consumer.endOffsets(List.of(partition), properties.patience()).get(partition));
    }

    @Override
    public Tenure lead() throws StoreException {
        KafkaProducer<String, byte[]> producer = null;
        try {
            producer = newProducer();
            producer.initTransactions();
            return new KafkaTenure(producer, readAll());
        } catch (KafkaException fault) {
            if (producer != null) {
                producer.close(Duration.ZERO);
            }
            throw new StoreException("the coordinator's topic cannot be led: " + fault.getMessage(), fault);
        }
    }

    private ClusterState readAll() throws StoreException {
        long until = System.nanoTime() + properties.patience().toNanos();
        try (var consumer = newConsumer()) {
            var reader = new StateCodec.Reader();
            long end = end(consumer);
            while (consumer.position(partition) < end) {
                consumer.poll(POLL).forEach(record -> reader.read(record.key(), record.value()));
                if (System.nanoTime() - until > 0) {
                    throw new StoreException(
                            "reading the coordinator's topic took longer than coordinator.store.patience, "
                                    + properties.patience());
                }
            }
            return reader.take().map(ClusterState.EMPTY::with).orElse(ClusterState.EMPTY);
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
                        millis()),
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
                        millis(),
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        millis(),
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                        millis(),
                        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                        millis() / 2,
                        ProducerConfig.LINGER_MS_CONFIG,
                        0,
                        ProducerConfig.ACKS_CONFIG,
                        "all"),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    private int millis() {
        return Math.toIntExact(properties.patience().toMillis());
    }

    @Override
    public void close() {
        closed = true;
        var running = follower;
        if (running != null) {
            try {
                running.join(JOIN_MILLIS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private final class KafkaTenure implements Tenure {
        private final KafkaProducer<String, byte[]> producer;
        private final ClusterState inherited;

        KafkaTenure(KafkaProducer<String, byte[]> producer, ClusterState inherited) {
            this.producer = producer;
            this.inherited = inherited;
        }

        @Override
        public ClusterState inherited() {
            return inherited;
        }

        @Override
        public void keep(Decision decision) throws StoreException {
            try {
                producer.beginTransaction();
                StateCodec.encode(decision)
                        .forEach((key, value) -> producer.send(
                                new ProducerRecord<>(partition.topic(), partition.partition(), key, value)));
                producer.commitTransaction();
            } catch (KafkaException | IllegalStateException fault) {
                // Whatever it was, what is in the topic is now uncertain: only a new tenure knows.
                throw new StoreException("decision " + decision.revision() + " was not kept: " + fault, fault);
            }
        }

        @Override
        public void close() {
            producer.close(Duration.ZERO);
        }
    }
}
