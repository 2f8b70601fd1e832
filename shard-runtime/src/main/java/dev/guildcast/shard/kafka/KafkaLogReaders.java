package dev.guildcast.shard.kafka;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/// The logs that a node reads, in groups that share a consumer and a thread.
///
/// - **Owner:** any thread.
/// - **Bound:** [#GROUP_MAX] logs a group, so that a node with many shards reads by several threads.
/// - **Promise:** a log that cannot be read for a reason that names none takes those of its group along once: all are
///   opened again by themselves, and only the one that is broken fails once more.
final class KafkaLogReaders {
    static final int GROUP_MAX = 16;

    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final List<KafkaLogReaderGroup> groups = new ArrayList<>();
    private final Set<TopicPartition> alone = new HashSet<>();

    /// @param consumers makes a group's own, without a partition
    KafkaLogReaders(Supplier<Consumer<byte[], byte[]>> consumers) {
        this.consumers = consumers;
    }

    /// Reads a log from an offset that must exist.
    synchronized KafkaLogReader open(TopicPartition partition, long from) {
        groups.removeIf(group -> {
            if (group.ended()) {
                alone.addAll(group.lostLogs());
                return true;
            }
            return false;
        });
        if (!alone.contains(partition)) {
            for (var group : groups) {
                var reader = group.open(partition, from);
                if (reader != null) {
                    return reader;
                }
            }
        }
        var group = new KafkaLogReaderGroup(consumers.get(), alone.contains(partition) ? 1 : GROUP_MAX);
        var reader = group.open(partition, from);
        if (reader == null) {
            throw new IllegalStateException("a new group does not take " + partition);
        }
        group.start();
        groups.add(group);
        return reader;
    }
}
