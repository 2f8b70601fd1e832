package dev.guildcast.shard.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.guildcast.shard.kafka.KafkaOffsets.Bound;
import dev.guildcast.shard.storage.EphemeralReader.Skipped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KafkaEphemeralReaderTest {
    private static final TopicPartition LANE = new TopicPartition("ephemeral", 0);

    private final List<MockConsumer<byte[], byte[]>> consumers = new CopyOnWriteArrayList<>();
    private final KafkaLogReaders readers = new KafkaLogReaders(() -> {
        var consumer = new MockConsumer<byte[], byte[]>("none");
        consumers.add(consumer);
        return consumer;
    });
    private final Offsets offsets = new Offsets();
    private long nanos = 1;
    private KafkaEphemeralReader lane;

    @AfterEach
    void close() {
        lane.close();
        await().untilAsserted(() -> assertThat(consumers).allMatch(MockConsumer::closed));
    }

    @Test
    void startsALittleBeforeTheEnd() {
        offsets.found.put(Bound.RECENT, 40L);
        open();
        append(40, 2);
        assertThat(poll(2)).containsExactly(40L, 41L);
        assertThat(lane.takeSkipped()).isEqualTo(Skipped.NOTHING);
    }

    @Test
    void continuesWithTheOldestRecordThatIsLeftAndCountsTheOthers() {
        offsets.found.put(Bound.RECENT, 40L);
        open();
        append(40, 2);
        poll(2);
        offsets.found.put(Bound.START, 1_042L);
        consumer().setPollException(new OffsetOutOfRangeException(Map.of(LANE, 42L)));
        awaitConsumerAt(1_042);
        append(1_042, 1);
        assertThat(poll(1)).containsExactly(1_042L);
        assertThat(lane.takeSkipped()).isEqualTo(new Skipped(1_000, 0));
        assertThat(lane.takeSkipped()).isEqualTo(Skipped.NOTHING);
    }

    @Test
    void continuesAtTheEndAfterARecordThatCannotBeRead() {
        offsets.found.put(Bound.RECENT, 0L);
        open();
        append(0, 3);
        poll(3);
        offsets.found.put(Bound.START, 0L);
        offsets.found.put(Bound.END, 10L);
        consumer().setPollException(new KafkaException("a broken record"));
        awaitConsumerAt(10);
        append(10, 1);
        assertThat(poll(1)).containsExactly(10L);
        assertThat(lane.takeSkipped()).isEqualTo(new Skipped(0, 7));
    }

    @Test
    void aLaneWithoutALeaderIsAskedForAgainAndDeliversNothingMeanwhile() {
        open();
        assertThat(lane.poll()).isNull();
        assertThat(offsets.lookups).containsExactly(Bound.RECENT);
        for (int i = 0; i < 5; i++) {
            nanos += KafkaEphemeralReader.RETRY_AFTER.toNanos() - 1;
            assertThat(lane.poll()).isNull();
            nanos++;
            assertThat(lane.poll()).isNull();
            assertThat(lane.poll()).isNull();
        }
        assertThat(offsets.lookups).hasSize(6);
        offsets.found.put(Bound.RECENT, 7L);
        nanos += Duration.ofSeconds(1).toNanos();
        lane.poll();
        awaitConsumerAt(7);
        append(7, 1);
        assertThat(poll(1)).containsExactly(7L);
    }

    private void open() {
        lane = new KafkaEphemeralReader(LANE, readers, offsets, () -> nanos);
    }

    private MockConsumer<byte[], byte[]> consumer() {
        return consumers.getLast();
    }

    private void awaitConsumerAt(long offset) {
        await().until(() -> {
            assertThat(lane.poll()).isNull();
            var consumer = consumer();
            return !consumer.closed() && consumer.assignment().contains(LANE) && consumer.position(LANE) == offset;
        });
    }

    private void append(long from, int count) {
        await().until(() -> {
            lane.poll();
            return !consumers.isEmpty() && consumer().assignment().contains(LANE);
        });
        consumer().updateEndOffsets(Map.of(LANE, from + count));
        for (long offset = from; offset < from + count; offset++) {
            consumer().addRecord(new ConsumerRecord<>(LANE.topic(), LANE.partition(), offset, new byte[0], new byte[] {1
            }));
        }
        consumer().wakeup();
    }

    private List<Long> poll(int count) {
        var read = new ArrayList<Long>();
        await().until(() -> {
            for (var entry = lane.poll(); entry != null; entry = lane.poll()) {
                read.add(entry.offset());
            }
            return read.size() >= count;
        });
        return read;
    }

    /// Answers at once; what is not known fails.
    private static final class Offsets implements KafkaOffsets {
        private final Map<Bound, Long> found = new EnumMap<>(Bound.class);
        private final List<Bound> lookups = new ArrayList<>();

        @Override
        public Map<TopicPartition, CompletionStage<Long>> lookUp(Set<TopicPartition> partitions, Bound bound) {
            lookups.add(bound);
            var offset = found.get(bound);
            return Map.of(
                    LANE,
                    offset == null
                            ? CompletableFuture.failedFuture(new TimeoutException("no leader"))
                            : CompletableFuture.completedFuture(offset));
        }

        @Override
        public void close() {
            // Holds nothing.
        }
    }
}
