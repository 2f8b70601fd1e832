package dev.guildcast.shard.kafka;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongConsumer;
import org.apache.kafka.common.TopicPartition;

/// Fetches the end offsets of many logs in few requests: while some are in flight, further calls are collected for the
/// next.
///
/// A log is answered as soon as its own partition is, and one that has no leader delays no other: a request counts as
/// in flight only until its first answer, and a partition that failed is asked for by itself until it has answered.
///
/// - **Owner:** shared by a node's shards; any thread.
/// - **Bound:** [#REQUESTS_MAX] requests without an answer, one more for each partition that failed; a partition is in
///   one request at a time. The callers bound their calls.
/// - **Promise:** a reported offset was fetched after the call; every call is answered within the deadlines of two
///   lookups.
final class KafkaLogEnds implements AutoCloseable {
    /// Enough that the shards of one broker that does not answer leave requests to those of the others.
    static final int REQUESTS_MAX = 4;
    private static final long FAILED = -1;

    private final KafkaOffsets lookup;

    // Guarded by this.
    private final Map<TopicPartition, List<LongConsumer>> waiting = new LinkedHashMap<>();
    private final Set<TopicPartition> inFlight = new HashSet<>();
    private final Set<TopicPartition> failing = new HashSet<>();
    private int unansweredRequests;
    private boolean closed;

    /// @param lookup closed with this
    KafkaLogEnds(KafkaOffsets lookup) {
        this.lookup = lookup;
    }

    /// Fetches the offset of the next record to be appended; -1 when the fetch fails. Never blocks.
    void fetch(TopicPartition partition, LongConsumer callback) {
        List<Request> requests;
        synchronized (this) {
            if (closed) {
                return;
            }
            waiting.computeIfAbsent(partition, key -> new ArrayList<>()).add(callback);
            requests = takeRequests();
        }
        requests.forEach(this::send);
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        lookup.close();
    }

    /// The requests that may be sent now. Guarded by this.
    private List<Request> takeRequests() {
        var requests = new ArrayList<Request>();
        var together = new Request(true);
        for (var partition : List.copyOf(waiting.keySet())) {
            if (closed || inFlight.contains(partition)) {
                continue;
            }
            boolean alone = failing.contains(partition);
            if (alone) {
                var request = new Request(false);
                request.take(partition);
                requests.add(request);
            } else if (unansweredRequests < REQUESTS_MAX) {
                together.take(partition);
            }
        }
        if (!together.callbacks.isEmpty()) {
            unansweredRequests++;
            requests.add(together);
        }
        return requests;
    }

    private void send(Request request) {
        var partitions = Set.copyOf(request.callbacks.keySet());
        Map<TopicPartition, CompletionStage<Long>> answers;
        try {
            answers = lookup.lookUp(partitions, KafkaOffsets.Bound.END);
        } catch (RuntimeException e) {
            partitions.forEach(partition -> onAnswer(request, partition, FAILED));
            return;
        }
        for (var partition : partitions) {
            var unused = answers.getOrDefault(partition, CompletableFuture.completedFuture(FAILED))
                    .whenComplete((end, failure) -> onAnswer(request, partition, failure == null ? end : FAILED));
        }
    }

    private void onAnswer(Request request, TopicPartition partition, long end) {
        List<LongConsumer> callbacks;
        List<Request> next;
        synchronized (this) {
            callbacks = request.answer(partition);
            inFlight.remove(partition);
            if (end == FAILED) {
                failing.add(partition);
            } else {
                failing.remove(partition);
            }
            next = takeRequests();
        }
        callbacks.forEach(callback -> callback.accept(end));
        next.forEach(this::send);
    }

    /// One request, guarded by its log ends.
    private final class Request {
        private final boolean counted;
        private final Map<TopicPartition, List<LongConsumer>> callbacks = new HashMap<>();
        private boolean answered;

        /// @param counted whether it counts against [#REQUESTS_MAX] until its first answer
        Request(boolean counted) {
            this.counted = counted;
        }

        void take(TopicPartition partition) {
            var taken = waiting.remove(partition);
            callbacks.put(partition, taken == null ? List.of() : taken);
            inFlight.add(partition);
        }

        List<LongConsumer> answer(TopicPartition partition) {
            if (counted && !answered) {
                unansweredRequests--;
            }
            answered = true;
            var taken = callbacks.remove(partition);
            return taken == null ? List.of() : taken;
        }
    }
}
