package dev.guildcast.shard.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
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
final class KafkaAdminOffsets implements KafkaOffsets {
    /// Below the 2 s within which a shard needs a new log end, so that one answer lost leaves time for another.
    static final Duration DEADLINE = Duration.ofMillis(1_500);
    /// A new owner reads the ephemeral lane from this long before its newest record: the previous owner may not have
    /// sent those outputs, and older presences and typing events are of no use to clients.
    private static final Duration RECENT = Duration.ofSeconds(10);
    /// What is in flight at a shutdown is of no use any more; an absent broker must not delay it.
    private static final Duration CLOSE_TIMEOUT = Duration.ofMillis(200);

    private final Admin admin;

    KafkaAdminOffsets(Admin admin) {
        this.admin = admin;
    }

    @Override
    public Map<TopicPartition, CompletionStage<Long>> lookUp(Set<TopicPartition> partitions, Bound bound) {
        var spec = switch (bound) {
            case START -> OffsetSpec.earliest();
            case END -> OffsetSpec.latest();
            case RECENT -> OffsetSpec.maxTimestamp();
        };
        Map<TopicPartition, CompletionStage<Long>> answers = new HashMap<>();
        list(partitions, spec)
                .forEach((partition, found) -> answers.put(
                        partition,
                        bound == Bound.RECENT
                                ? found.thenCompose(newest -> recent(partition, newest))
                                : found.thenApply(ListOffsetsResultInfo::offset)));
        return answers;
    }

    private CompletionStage<Long> recent(TopicPartition partition, ListOffsetsResultInfo newest) {
        var spec = newest.timestamp() < 0
                ? OffsetSpec.latest()
                : OffsetSpec.forTimestamp(newest.timestamp() - RECENT.toMillis());
        return Objects.requireNonNull(list(Set.of(partition), spec).get(partition))
                .thenApply(ListOffsetsResultInfo::offset);
    }

    private Map<TopicPartition, CompletionStage<ListOffsetsResultInfo>> list(
            Set<TopicPartition> partitions, OffsetSpec spec) {
        Map<TopicPartition, OffsetSpec> specs = new HashMap<>();
        partitions.forEach(partition -> specs.put(partition, spec));
        var result = admin.listOffsets(specs, new ListOffsetsOptions().timeoutMs(Math.toIntExact(DEADLINE.toMillis())));
        Map<TopicPartition, CompletionStage<ListOffsetsResultInfo>> answers = new HashMap<>();
        // Not result.all(): it waits for the slowest partition.
        partitions.forEach(partition ->
                answers.put(partition, result.partitionResult(partition).toCompletionStage()));
        return answers;
    }

    @Override
    public void close() {
        admin.close(CLOSE_TIMEOUT);
    }
}
