package dev.guildcast.fanout.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.contract.Topics;
import dev.guildcast.fanout.ingress.EventAppender.Appended;
import dev.guildcast.fanout.ingress.EventAppender.Log;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class KafkaEventAppenderTest {
    private final StallingProducer producer = new StallingProducer();

    private static KafkaEventAppender appender(Producer<byte[], byte[]> producer, Duration burstInterval) {
        return new KafkaEventAppender(
                producer, new Topics("t."), Duration.ofSeconds(30), burstInterval, 100, System::nanoTime);
    }

    @Test
    void whatWaitsBehindAFailedRecordOfItsPartitionFailsToo() {
        try (var appender = appender(producer, Duration.ofMillis(5))) {
            var first = appender.append(Log.GUILD_EVENTS, 1, new byte[] {1});
            var behind = appender.append(Log.GUILD_EVENTS, 1, new byte[] {2});
            var elsewhere = appender.append(Log.GUILD_EVENTS, 2, new byte[] {3});
            producer.metadataTimesOut.countDown();
            assertThat(failure(first)).isInstanceOf(EventAppender.LogUnavailable.class);
            assertThat(failure(behind)).isInstanceOf(EventAppender.LogUnavailable.class);
            assertThat(elsewhere.join().partition()).isEqualTo(2);
            appender.append(Log.GUILD_EVENTS, 1, new byte[] {4}).join();
            assertThat(producer.history().stream()
                            .filter(record -> record.partition() == 1)
                            .map(record -> record.value()[0]))
                    .containsExactly((byte) 4);
        }
    }

    @Test
    void sendsAtOnceWhatComesAloneAndTogetherWhatComesSoonAfter() {
        var sent = new CopyOnWriteArrayList<Long>();
        var timed = new MockProducer<byte[], byte[]>(true, null, new ByteArraySerializer(), new ByteArraySerializer()) {
            @Override
            public synchronized Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
                sent.add(System.nanoTime());
                return super.send(record, callback);
            }
        };
        var interval = Duration.ofMillis(200);
        try (var appender = appender(timed, interval)) {
            appender.append(Log.GUILD_EVENTS, 1, new byte[] {1}).join();
            var second = appender.append(Log.GUILD_EVENTS, 1, new byte[] {2});
            var third = appender.append(Log.GUILD_EVENTS, 2, new byte[] {3});
            second.join();
            third.join();
            assertThat(sent.get(1) - sent.get(0)).isGreaterThanOrEqualTo(interval.toNanos());
            assertThat(sent.get(2) - sent.get(1)).isLessThan(interval.toNanos());
        }
    }

    @Test
    void whatWaitsWhenItClosesIsNotKnownToStand() {
        var appender = appender(
                new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer()),
                Duration.ofSeconds(60));
        appender.append(Log.GUILD_EVENTS, 1, new byte[] {1}).join();
        var waiting = appender.append(Log.GUILD_EVENTS, 1, new byte[] {2});
        appender.close();
        assertThat(failure(waiting)).isInstanceOf(EventAppender.LogUnavailable.class);
        assertThat(failure(appender.append(Log.GUILD_EVENTS, 1, new byte[] {3})))
                .isInstanceOf(EventAppender.LogUnavailable.class);
    }

    private static Throwable failure(CompletableFuture<Appended> appended) {
        return appended.handle((place, failure) -> failure).join();
    }

    /// Has no metadata for the topic at the first send.
    private static final class StallingProducer extends MockProducer<byte[], byte[]> {
        private final CountDownLatch metadataTimesOut = new CountDownLatch(1);
        private boolean stalled;

        StallingProducer() {
            super(true, null, new ByteArraySerializer(), new ByteArraySerializer());
        }

        @Override
        public synchronized Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
            if (stalled) {
                return super.send(record, callback);
            }
            stalled = true;
            try {
                metadataTimesOut.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new TimeoutException("no metadata");
        }
    }
}
