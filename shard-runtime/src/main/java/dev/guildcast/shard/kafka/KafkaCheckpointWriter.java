package dev.guildcast.shard.kafka;

import dev.guildcast.shard.storage.CheckpointReader;
import dev.guildcast.shard.storage.CheckpointWriter;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes each checkpoint as one Kafka transaction; the shard's transactional id fences earlier writers.
///
/// - **Owner:** its own thread, started on first use; callbacks run on the shard's loop.
/// - **Bound:** one transaction at a time.
final class KafkaCheckpointWriter implements CheckpointWriter, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(KafkaCheckpointWriter.class);

    private final KafkaClients clients;
    private final TopicPartition state;
    private final String transactionalId;
    private final Executor loop;
    private final ExecutorService worker;
    private @Nullable KafkaProducer<String, byte[]> producer;

    KafkaCheckpointWriter(KafkaClients clients, TopicPartition state, String transactionalId, Executor loop) {
        this.clients = clients;
        this.state = state;
        this.transactionalId = transactionalId;
        this.loop = loop;
        this.worker = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name("checkpoint-" + state).daemon(true).factory());
    }

    @Override
    public void begin(CheckpointCallback callback) {
        run(callback, () -> {
            var opened = clients.checkpointProducer(transactionalId);
            producer = opened;
            opened.initTransactions();
        });
    }

    @Override
    public void commit(long position, Map<String, byte @Nullable []> entities, CheckpointCallback callback) {
        run(callback, () -> {
            var open = producer;
            if (open == null) {
                throw new IllegalStateException("commit before begin");
            }
            open.beginTransaction();
            entities.forEach((key, value) -> send(open, key, value));
            // Last, because a reader takes it as the end of the checkpoint.
            send(open, CheckpointReader.POSITION_KEY, CheckpointReader.encodePosition(position));
            open.commitTransaction();
        });
    }

    @Override
    public void close() {
        try {
            worker.execute(() -> {
                var open = producer;
                if (open != null) {
                    open.close(Duration.ZERO);
                }
            });
        } catch (RejectedExecutionException e) {
            log.debug("checkpoint writer of {} was closed twice", state);
        }
        worker.shutdown();
    }

    private void send(KafkaProducer<String, byte[]> open, String key, byte @Nullable [] value) {
        // A failed send fails the commit, which reports it.
        var unused = open.send(new ProducerRecord<>(state.topic(), state.partition(), key, value));
    }

    private void run(CheckpointCallback callback, Runnable work) {
        try {
            worker.execute(() -> {
                boolean success = false;
                try {
                    work.run();
                    success = true;
                } catch (KafkaException | IllegalStateException e) {
                    log.warn(
                            "checkpoint to {} failed: {}; its shard stops here and restarts from the checkpoint before",
                            state,
                            e.toString());
                }
                boolean result = success;
                loop.execute(() -> callback.onDone(result));
            });
        } catch (RejectedExecutionException e) {
            log.debug("checkpoint writer of {} is closed; a task is dropped", state);
        }
    }
}
