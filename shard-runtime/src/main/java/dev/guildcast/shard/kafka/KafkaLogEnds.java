package dev.guildcast.shard.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/// Fetches the ends of many logs in one request: while one is on its way, further questions gather for the next.
///
/// - **Owner:** shared by a node's shards; any thread.
/// - **Bound:** one request on its way, one question a shard.
/// - **Promise:** an answer was fetched after its question was asked.
final class KafkaLogEnds implements AutoCloseable {
    private record Question(TopicPartition partition, LongConsumer answer) {}

    private final Admin admin;
    private List<Question> gathered = new ArrayList<>();
    private boolean asking;
    private boolean closed;

    KafkaLogEnds(Admin admin) {
        this.admin = admin;
    }

    /// Asks for the offset of the next record to be appended; -1 when it cannot be had now. Never blocks.
    void fetch(TopicPartition partition, LongConsumer answer) {
        List<Question> questions;
        synchronized (this) {
            if (closed) {
                return;
            }
            gathered.add(new Question(partition, answer));
            if (asking) {
                return;
            }
            questions = take();
        }
        ask(questions);
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        admin.close(java.time.Duration.ofMillis(200));
    }

    private List<Question> take() {
        var taken = gathered;
        gathered = new ArrayList<>();
        asking = true;
        return taken;
    }

    private void ask(List<Question> questions) {
        Map<TopicPartition, OffsetSpec> specs = questions.stream()
                .map(Question::partition)
                .distinct()
                .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        var result = admin.listOffsets(specs);
        result.all().whenComplete((all, failure) -> {
            questions.forEach(question -> question.answer.accept(end(result, question.partition)));
            List<Question> next;
            synchronized (this) {
                asking = false;
                if (gathered.isEmpty() || closed) {
                    return;
                }
                next = take();
            }
            ask(next);
        });
    }

    private static long end(ListOffsetsResult result, TopicPartition partition) {
        var future = result.partitionResult(partition);
        if (!future.isDone() || future.isCompletedExceptionally()) {
            return -1;
        }
        try {
            return future.get().offset();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return -1;
        } catch (ExecutionException e) {
            return -1;
        }
    }
}
