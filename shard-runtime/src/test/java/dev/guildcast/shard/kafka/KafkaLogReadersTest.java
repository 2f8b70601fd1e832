package dev.guildcast.shard.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.guildcast.shard.storage.ShardStorage.LogLostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KafkaLogReadersTest {
    private static final TopicPartition FIRST = new TopicPartition("log", 0);
    private static final TopicPartition SECOND = new TopicPartition("log", 1);

    private final List<MockConsumer<byte[], byte[]>> consumers = new CopyOnWriteArrayList<>();
    private final List<KafkaLogReader> opened = new ArrayList<>();
    private final KafkaLogReaders readers = new KafkaLogReaders(() -> {
        var consumer = new MockConsumer<byte[], byte[]>("none");
        consumers.add(consumer);
        return consumer;
    });

    @AfterEach
    void closesAll() {
        opened.forEach(KafkaLogReader::close);
        await().untilAsserted(() -> assertThat(consumers).allMatch(MockConsumer::closed));
    }

    @Test
    void logsOfANodeShareAConsumerAndEachShardGetsItsOwn() {
        var first = open(FIRST, 5);
        var second = open(SECOND, 7);
        append(FIRST, 5, 3);
        append(SECOND, 7, 2);
        assertThat(poll(first, 3)).containsExactly(5L, 6L, 7L);
        assertThat(poll(second, 2)).containsExactly(7L, 8L);
        assertThat(consumers).hasSize(1);
    }

    @Test
    void aReaderSignalsArrivals() {
        var first = open(FIRST, 0);
        var arrivals = new AtomicInteger();
        first.onArrival(arrivals::incrementAndGet);
        append(FIRST, 0, 4);
        await().untilAsserted(() -> assertThat(arrivals).hasValueGreaterThanOrEqualTo(2));
    }

    @Test
    void aShardThatPollsNothingBlocksNoOther() {
        int much = KafkaLogReader.READ_AHEAD_RECORDS + 10;
        var first = open(FIRST, 0);
        var second = open(SECOND, 0);
        append(FIRST, 0, much);
        await().untilAsserted(() -> assertThat(consumer().paused()).containsExactly(FIRST));
        append(SECOND, 0, 1);
        assertThat(poll(second, 1)).containsExactly(0L);
        append(FIRST, much, 5);
        assertThat(poll(first, much + 5))
                .containsExactlyElementsOf(LongStream.range(0, much + 5).boxed().toList());
        await().untilAsserted(() -> assertThat(consumer().paused()).isEmpty());
    }

    @Test
    void aTrimmedLogFailsNoOther() {
        var first = open(FIRST, 3);
        var second = open(SECOND, 0);
        awaitPositions(FIRST, SECOND);
        consumer().setPollException(new OffsetOutOfRangeException(Map.of(FIRST, 3L)));
        assertFails(first, "records from offset 3 were deleted by retention");
        append(SECOND, 0, 1);
        assertThat(poll(second, 1)).containsExactly(0L);
    }

    @Test
    void afterAFailureThatNamesNoLogEachIsReadByItself() {
        var first = open(FIRST, 0);
        var second = open(SECOND, 0);
        awaitPositions(FIRST, SECOND);
        consumer().setPollException(new KafkaException("a broken record"));
        assertFails(first, "a broken record");
        assertFails(second, "a broken record");
        first.close();
        second.close();
        open(FIRST, 0);
        open(SECOND, 0);
        assertThat(consumers).hasSize(3);
        await().untilAsserted(() -> assertThat(consumers.subList(1, 3))
                .allMatch(consumer -> consumer.assignment().size() == 1));
    }

    @Test
    void aLogThatIsOpenedTwiceIsReadTwice() {
        var first = open(FIRST, 0);
        var again = open(FIRST, 1);
        assertThat(consumers).hasSize(2);
        append(consumers.get(0), FIRST, 0, 2);
        append(consumers.get(1), FIRST, 1, 1);
        assertThat(poll(first, 2)).containsExactly(0L, 1L);
        assertThat(poll(again, 1)).containsExactly(1L);
    }

    @Test
    void aReopenedLogIsReadFromTheRequestedOffset() {
        open(SECOND, 0);
        var before = open(FIRST, 0);
        append(FIRST, 0, 3);
        poll(before, 3);
        before.close();
        var after = open(FIRST, 1);
        await().untilAsserted(() -> assertThat(consumer().position(FIRST)).isEqualTo(1));
        append(FIRST, 1, 1);
        assertThat(poll(after, 1)).containsExactly(1L);
        assertThat(consumers).hasSize(1);
    }

    @Test
    void aNodeWithManyLogsReadsThemBySeveralConsumers() {
        IntStream.range(0, KafkaLogReaders.LOGS_PER_GROUP_MAX + 1).forEach(i -> open(new TopicPartition("many", i), 0));
        assertThat(consumers).hasSize(2);
    }

    private KafkaLogReader open(TopicPartition partition, long from) {
        var reader = readers.open(partition, from);
        opened.add(reader);
        return reader;
    }

    private MockConsumer<byte[], byte[]> consumer() {
        return consumers.getFirst();
    }

    private void append(TopicPartition partition, long from, int count) {
        append(consumer(), partition, from, count);
    }

    private static void append(MockConsumer<byte[], byte[]> consumer, TopicPartition partition, long from, int count) {
        await().until(() -> consumer.assignment().contains(partition));
        consumer.updateEndOffsets(Map.of(partition, from + count));
        for (long offset = from; offset < from + count; offset++) {
            consumer.addRecord(new ConsumerRecord<>(
                    partition.topic(), partition.partition(), offset, new byte[0], new byte[] {1}));
        }
        consumer.wakeup();
    }

    private void awaitPositions(TopicPartition... partitions) {
        await().until(() -> consumer().assignment().containsAll(List.of(partitions)));
    }

    private static List<Long> poll(KafkaLogReader reader, int count) {
        var offsets = new ArrayList<Long>();
        await().until(() -> {
            for (var entry = reader.poll(); entry != null; entry = reader.poll()) {
                offsets.add(entry.offset());
            }
            return offsets.size() >= count;
        });
        return offsets;
    }

    private static void assertFails(KafkaLogReader reader, String message) {
        await().untilAsserted(() -> assertThatThrownBy(reader::poll)
                .isInstanceOf(LogLostException.class)
                .hasMessageContaining(message));
    }
}
