package dev.guildcast.shard.kafka;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/// Opens readers for the logs of a node, in groups that share a consumer and a thread.
///
/// - **Owner:** any thread.
/// - **Bound:** [#LOGS_PER_GROUP_MAX] logs per group.
/// - **Promise:** a failure that does not name its log fails all logs of the group once: each is reopened in a group of
///   its own, so that only the broken one fails again.
final class KafkaLogReaders {
    /// Logs per consumer: few enough that a node with many shards reads on several threads.
    static final int LOGS_PER_GROUP_MAX = 16;

    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final List<KafkaLogReaderGroup> groups = new ArrayList<>();
    private final Set<TopicPartition> isolated = new HashSet<>();

    /// @param consumers creates the consumer of a group, without partitions
    KafkaLogReaders(Supplier<Consumer<byte[], byte[]>> consumers) {
        this.consumers = consumers;
    }

    /// Reads a log from an offset that must exist.
    synchronized KafkaLogReader open(TopicPartition partition, long from) {
        groups.removeIf(group -> {
            if (group.ended()) {
                isolated.addAll(group.failedPartitions());
                return true;
            }
            return false;
        });
        if (!isolated.contains(partition)) {
            for (var group : groups) {
                var reader = group.open(partition, from);
                if (reader != null) {
                    return reader;
                }
            }
        }
        var group = new KafkaLogReaderGroup(consumers.get(), isolated.contains(partition) ? 1 : LOGS_PER_GROUP_MAX);
        var reader = group.open(partition, from);
        if (reader == null) {
            throw new IllegalStateException("a new group refused partition " + partition);
        }
        group.start();
        groups.add(group);
        return reader;
    }
}
