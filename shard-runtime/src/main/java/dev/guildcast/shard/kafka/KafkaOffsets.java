package dev.guildcast.shard.kafka;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.TopicPartition;

/// Looks up offsets at the brokers. Never blocks; answers come from any thread.
interface KafkaOffsets extends AutoCloseable {
    /// Which offset of a partition is looked up.
    enum Bound {
        /// The oldest record that is still there.
        START,
        /// The first record of the last 10 s before the newest one, by the time of the brokers.
        RECENT,
        /// The next record to be appended.
        END
    }

    /// Sends one request; each partition is answered, or fails, by itself and within a deadline, so that one without a
    /// leader delays no other.
    Map<TopicPartition, CompletionStage<Long>> lookUp(Set<TopicPartition> partitions, Bound bound);

    @Override
    void close();
}
