package dev.guildcast.shard.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class KafkaLogEndsTest {
    private static final TopicPartition LEADERLESS = log(0);
    private static final TopicPartition FIRST = log(1);
    private static final TopicPartition SECOND = log(2);

    private final Brokers brokers = new Brokers();
    private final KafkaLogEnds ends = new KafkaLogEnds(brokers);
    private final Map<TopicPartition, List<Long>> fetched = new HashMap<>();

    @Test
    void aPartitionWithoutALeaderDelaysNoOther() {
        fetch(LEADERLESS);
        for (long end = 0; end < 100; end++) {
            fetch(FIRST);
            brokers.answer(FIRST, end);
        }
        assertThat(fetched.get(FIRST)).hasSize(100);
        assertThat(fetched).doesNotContainKey(LEADERLESS);
    }

    @Test
    void partitionsOfOneRequestAreAnsweredEachByItself() {
        occupyRequests();
        fetch(LEADERLESS);
        fetch(FIRST);
        brokers.answer(log(100), 1);
        assertThat(brokers.requests.getLast()).containsExactlyInAnyOrder(LEADERLESS, FIRST);
        brokers.answer(FIRST, 7);
        assertThat(fetched.get(FIRST)).containsExactly(7L);
        fetch(FIRST);
        brokers.answer(FIRST, 8);
        assertThat(fetched.get(FIRST)).containsExactly(7L, 8L);
        brokers.fail(LEADERLESS);
        assertThat(fetched.get(LEADERLESS)).containsExactly(-1L);
    }

    @Test
    void manyPartitionsWithoutALeaderDelayTheOthersForOneDeadlineAtMost() {
        occupyRequests();
        fetch(FIRST);
        IntStream.range(100, 100 + KafkaLogEnds.REQUESTS_MAX).forEach(i -> brokers.fail(log(i)));
        brokers.answer(FIRST, 1);
        // They are asked again and again, and answer nothing.
        IntStream.range(100, 100 + KafkaLogEnds.REQUESTS_MAX).forEach(i -> fetch(log(i)));
        fetch(FIRST);
        brokers.answer(FIRST, 2);
        assertThat(fetched.get(FIRST)).containsExactly(1L, 2L);
        IntStream.range(100, 100 + KafkaLogEnds.REQUESTS_MAX).forEach(i -> {
            brokers.answer(log(i), 5);
            assertThat(fetched.get(log(i))).containsExactly(-1L, 5L);
        });
    }

    @Test
    void callsAreCollectedWhileRequestsAreInFlight() {
        occupyRequests();
        for (int i = 0; i < 50; i++) {
            fetch(log(200 + i));
        }
        assertThat(brokers.requests).hasSize(KafkaLogEnds.REQUESTS_MAX);
        brokers.answer(log(100), 1);
        assertThat(brokers.requests).hasSize(KafkaLogEnds.REQUESTS_MAX + 1);
        assertThat(brokers.requests.getLast()).hasSize(50);
    }

    @Test
    void anEndIsFetchedAfterTheCall() {
        fetch(FIRST);
        fetch(FIRST);
        brokers.answer(FIRST, 3);
        assertThat(fetched.get(FIRST)).containsExactly(3L);
        brokers.answer(FIRST, 4);
        assertThat(fetched.get(FIRST)).containsExactly(3L, 4L);
    }

    @Test
    void aLookupThatThrowsFailsItsCalls() {
        brokers.closed = true;
        fetch(FIRST);
        assertThat(fetched.get(FIRST)).containsExactly(-1L);
        brokers.closed = false;
        fetch(FIRST);
        brokers.answer(FIRST, 1);
        fetch(SECOND);
        brokers.answer(SECOND, 2);
        assertThat(fetched.get(FIRST)).containsExactly(-1L, 1L);
        assertThat(fetched.get(SECOND)).containsExactly(2L);
    }

    /// Sends as many requests as may be in flight, for the partitions from 100 on.
    private void occupyRequests() {
        IntStream.range(100, 100 + KafkaLogEnds.REQUESTS_MAX).forEach(i -> fetch(log(i)));
        assertThat(brokers.requests).hasSize(KafkaLogEnds.REQUESTS_MAX);
    }

    private void fetch(TopicPartition partition) {
        ends.fetch(
                partition,
                end -> fetched.computeIfAbsent(partition, key -> new ArrayList<>())
                        .add(end));
    }

    private static TopicPartition log(int partition) {
        return new TopicPartition("log", partition);
    }

    /// Answers when the test says so.
    private static final class Brokers implements KafkaOffsets {
        private final List<Set<TopicPartition>> requests = new ArrayList<>();
        private final Map<TopicPartition, CompletableFuture<Long>> open = new HashMap<>();
        private boolean closed;

        @Override
        public Map<TopicPartition, CompletionStage<Long>> lookUp(Set<TopicPartition> partitions, Bound bound) {
            if (closed) {
                throw new IllegalStateException("closed");
            }
            requests.add(partitions);
            Map<TopicPartition, CompletionStage<Long>> answers = new HashMap<>();
            for (var partition : partitions) {
                var answer = new CompletableFuture<Long>();
                assertThat(open.put(partition, answer))
                        .as("%s is in flight twice", partition)
                        .isNull();
                answers.put(partition, answer);
            }
            return answers;
        }

        private void answer(TopicPartition partition, long end) {
            assertThat(open.remove(partition).complete(end)).isTrue();
        }

        private void fail(TopicPartition partition) {
            assertThat(open.remove(partition).completeExceptionally(new TimeoutException("no leader")))
                    .isTrue();
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
