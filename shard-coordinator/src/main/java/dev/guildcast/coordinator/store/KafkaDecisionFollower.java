package dev.guildcast.coordinator.store;

import dev.guildcast.coordinator.Decision;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/// Reads the decisions of the leader from the coordinator's topic: first the state they have led to, then each.
///
/// Compaction leaves no complete decisions behind, and removes entities that a later decision contains. So nothing is
/// reported before the topic has been read to an end that was fetched after everything before it was read; and what
/// follows an end is reported only with the head that completes it.
///
/// - **Owner:** one thread, which it blocks.
/// - **Bound:** the records of one poll, and one entry for each shard and node.
final class KafkaDecisionFollower {
    private final Consumer<String, byte[]> consumer;
    private final TopicPartition partition;
    private final Duration patience;
    private final StateCodec.DecisionReader reader = new StateCodec.DecisionReader();
    private boolean caughtUp;
    private long end;

    /// @param consumer of committed records, at the start of the partition
    /// @param patience for the end of the topic to be fetched
    KafkaDecisionFollower(Consumer<String, byte[]> consumer, TopicPartition partition, Duration patience) {
        this.consumer = consumer;
        this.partition = partition;
        this.patience = patience;
        this.end = fetchEnd();
    }

    /// Reads once, waiting up to `timeout` for records.
    void poll(Duration timeout, java.util.function.Consumer<Decision> decisions) {
        for (var record : consumer.poll(timeout).records(partition)) {
            reader.read(record.key(), record.value());
            if (caughtUp && record.key().equals(StateCodec.HEAD)) {
                reader.takeDecision().ifPresent(decisions);
            }
        }
        if (!caughtUp && consumer.position(partition) >= end) {
            end = fetchEnd();
            if (consumer.position(partition) >= end) {
                caughtUp = true;
                reader.takeDecision().ifPresent(decisions);
            }
        }
    }

    private long fetchEnd() {
        return Objects.requireNonNull(
                consumer.endOffsets(List.of(partition), patience).get(partition));
    }
}
