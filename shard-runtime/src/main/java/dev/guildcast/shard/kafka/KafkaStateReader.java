package dev.guildcast.shard.kafka;

import dev.guildcast.shard.storage.StateReader;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/// Reads one partition of a state topic, with a consumer of its own.
///
/// - **Owner:** the thread of the shard that is restored.
/// - **Bound:** what one poll returns.
final class KafkaStateReader implements StateReader {
    /// Bounds an idle poll only: a restore reads on until it reaches an end.
    private static final Duration POLL_TIMEOUT = Duration.ofMillis(500);

    private final Consumer<String, byte[]> consumer;
    private final TopicPartition partition;

    /// @param consumer of committed records, without partitions; closed with this reader
    KafkaStateReader(Consumer<String, byte[]> consumer, TopicPartition partition) {
        this.consumer = consumer;
        this.partition = partition;
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
    }

    /// For a consumer of committed records, Kafka reports the last stable offset: no transaction is open below it.
    @Override
    public long fetchEnd() {
        return consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
    }

    @Override
    public long position() {
        return consumer.position(partition);
    }

    @Override
    public List<StateRecord> poll() {
        return consumer.poll(POLL_TIMEOUT).records(partition).stream()
                .map(record -> new StateRecord(record.offset(), record.key(), record.value()))
                .toList();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
