package dev.guildcast.shard.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/// Looks up offsets with an admin client, which asks the leader of each partition.
///
/// - **Owner:** shared by a node's shards; any thread.
final class KafkaOffsetLookup implements OffsetLookup {
    /// Below the 2 s within which a shard needs a new log end, so that one answer lost leaves time for another.
    static final Duration DEADLINE = Duration.ofMillis(1_500);
    /// What is in flight at a shutdown is of no use any more; an absent broker must not delay it.
    private static final Duration CLOSE_TIMEOUT = Duration.ofMillis(200);

    private final Admin admin;

    KafkaOffsetLookup(Admin admin) {
        this.admin = admin;
    }

    @Override
    public Map<TopicPartition, CompletionStage<Long>> lookUp(Set<TopicPartition> partitions, Bound bound) {
        var spec = switch (bound) {
            case START -> OffsetSpec.earliest();
            case END -> OffsetSpec.latest();
        };
        Map<TopicPartition, OffsetSpec> specs = new HashMap<>();
        partitions.forEach(partition -> specs.put(partition, spec));
        var result = admin.listOffsets(specs, new ListOffsetsOptions().timeoutMs(Math.toIntExact(DEADLINE.toMillis())));
        Map<TopicPartition, CompletionStage<Long>> answers = new HashMap<>();
        for (var partition : partitions) {
            // Not result.all(): it waits for the slowest partition.
            answers.put(
                    partition,
                    result.partitionResult(partition).toCompletionStage().thenApply(ListOffsetsResultInfo::offset));
        }
        return answers;
    }

    @Override
    public void close() {
        admin.close(CLOSE_TIMEOUT);
    }
}
