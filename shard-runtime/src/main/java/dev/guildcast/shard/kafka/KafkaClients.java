package dev.guildcast.shard.kafka;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/// Kafka clients with the settings on which the delivery guarantees depend.
final class KafkaClients {
    /// Largest record between stages, 8 MiB: a guild event of 512 KiB with room for its recipients.
    static final int RECORD_BYTES_MAX = 8 << 20;

    /// Leaves 1 MiB for the batch and record headers around the largest record.
    private static final int REQUEST_BYTES_MAX = RECORD_BYTES_MAX + (1 << 20);
    /// Twice the default bound of an outbox, so that its records in flight always fit.
    private static final int PRODUCER_BUFFER_BYTES = 64 << 20;

    private final KafkaSettings settings;

    KafkaClients(KafkaSettings settings) {
        this.settings = settings;
    }

    /// Reads a log: every record, from an offset that must exist.
    KafkaConsumer<byte[], byte[]> logConsumer() {
        var config = base();
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        // A log that is added to the consumer waits at most this long for the fetch in flight.
        config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 100);
        config.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
        config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, settings.readAheadBytes());
        // Half of a reader's buffer; a poll's records are added to it at once.
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2_000);
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /// Reads a state topic: only committed records.
    KafkaConsumer<String, byte[]> stateConsumer() {
        var config = base();
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        // Large fetches and polls: a restore reads the whole topic once, and nothing else waits for this thread.
        config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 8 << 20);
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 10_000);
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        return new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer());
    }

    /// Appends to logs. It retries as long as the process runs: a record given up would be a gap.
    KafkaProducer<byte[], byte[]> logProducer() {
        var config = base();
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE);
        config.put(ProducerConfig.LINGER_MS_CONFIG, settings.linger().toMillis());
        config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "zstd");
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, REQUEST_BYTES_MAX);
        config.put(ProducerConfig.BUFFER_MEMORY_CONFIG, PRODUCER_BUFFER_BYTES);
        // A send blocks the shard's loop only while the buffer is full or metadata is missing; then the shard fails.
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /// Writes checkpoints of one shard.
    KafkaProducer<String, byte[]> checkpointProducer(String transactionalId) {
        var config = base();
        config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        // An owner that dies within a transaction blocks readers of the state topic for this long; the timeouts of
        // delivery and request must be shorter, so that the commit fails first.
        config.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 15_000);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 14_000);
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        // Sends of one checkpoint follow each other closely; a few milliseconds fill the batches.
        config.put(ProducerConfig.LINGER_MS_CONFIG, 5);
        config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "zstd");
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, REQUEST_BYTES_MAX);
        // Initializing transactions may wait for the timeout of the predecessor's; this runs on the writer's thread.
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 30_000);
        return new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer());
    }

    Admin admin() {
        var config = base();
        // A log end older than 2 s is of no use: fetch again instead of waiting.
        config.put("request.timeout.ms", 2_000);
        config.put("default.api.timeout.ms", 4_000);
        return Admin.create(config);
    }

    private Map<String, Object> base() {
        var config = new HashMap<String, Object>(settings.extra());
        config.put("bootstrap.servers", settings.bootstrapServers());
        // Short back-offs, since shards stop serving after 2 s without a log end; at most 1 s, since each broker that
        // returns is reconnected by every client at once. Metadata is refreshed every 30 s to notice moved leaders.
        config.put("reconnect.backoff.ms", 50);
        config.put("reconnect.backoff.max.ms", 1_000);
        config.put("retry.backoff.ms", 50);
        config.put("retry.backoff.max.ms", 500);
        config.put("metadata.max.age.ms", 30_000);
        return config;
    }
}
