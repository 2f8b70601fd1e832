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

/// Fetches the end offsets of many logs in one request: while one is in flight, further calls are collected for the
/// next.
///
/// - **Owner:** shared by a node's shards; any thread.
/// - **Bound:** one request in flight, one pending call per shard.
/// - **Promise:** a reported offset was fetched after the call.
final class KafkaLogEnds implements AutoCloseable {
    private record OffsetRequest(TopicPartition partition, LongConsumer callback) {}

    private final Admin admin;
    private List<OffsetRequest> pending = new ArrayList<>();
    private boolean inFlight;
    private boolean closed;

    KafkaLogEnds(Admin admin) {
        this.admin = admin;
    }

    /// Fetches the offset of the next record to be appended; -1 when the fetch fails. Never blocks.
    void fetch(TopicPartition partition, LongConsumer callback) {
        List<OffsetRequest> requests;
        synchronized (this) {
            if (closed) {
                return;
            }
            pending.add(new OffsetRequest(partition, callback));
            if (inFlight) {
                return;
            }
            requests = takePending();
        }
        send(requests);
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        // A fetch in flight is of no use any more; an absent broker must not delay the shutdown.
        admin.close(java.time.Duration.ofMillis(200));
    }

    private List<OffsetRequest> takePending() {
        var taken = pending;
        pending = new ArrayList<>();
        inFlight = true;
        return taken;
    }

    private void send(List<OffsetRequest> requests) {
        Map<TopicPartition, OffsetSpec> specs = requests.stream()
                .map(OffsetRequest::partition)
                .distinct()
                .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        var result = admin.listOffsets(specs);
        result.all().whenComplete((all, failure) -> {
            requests.forEach(request -> request.callback.accept(end(result, request.partition)));
            List<OffsetRequest> next;
            synchronized (this) {
                inFlight = false;
                if (pending.isEmpty() || closed) {
                    return;
                }
                next = takePending();
            }
            send(next);
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
