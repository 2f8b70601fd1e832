package dev.guildcast.shard.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.guildcast.brokers.Brokers;
import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topics;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

@Timeout(120)
class DeadLetterIT {
    private static final ShardId SHARD = ShardId.session(0);

    private final Topics topics = new Topics("dead-letter-it-" + System.nanoTime() + ".");
    private final String bootstrap = Brokers.shared().kafkaBootstrap();

    @Test
    void aDeadLetterThatTheBrokerRefusesIsLoggedAndCountedAndEndsNothing() throws Exception {
        createTopics();
        var lines = new ConcurrentLinkedQueue<String>();
        var appender = new AppenderBase<ILoggingEvent>() {
            @Override
            protected void append(ILoggingEvent event) {
                lines.add(event.getFormattedMessage());
            }
        };
        appender.start();
        var log = (Logger) LoggerFactory.getLogger(KafkaShardStorage.class);
        log.addAppender(appender);
        // Random, since the producer compresses.
        var large = new byte[10_000];
        new Random(1).nextBytes(large);
        var lost = new AtomicInteger();
        var sent = new AtomicInteger();
        try (var storage = new KafkaShardStorage(KafkaSettings.of(bootstrap, topics));
                var incarnation = storage.open(SHARD, 0, false, Runnable::run)) {
            incarnation.deadLetters().accept(SHARD, 7, "no such kind", large, lost::incrementAndGet);
            incarnation.deadLetters().accept(SHARD, 8, "no such kind", new byte[10], lost::incrementAndGet);
            await().atMost(Duration.ofSeconds(30)).until(() -> lost.get() == 1);
            incarnation.sender().send(SHARD, new byte[10], acknowledged -> {
                if (acknowledged) {
                    sent.incrementAndGet();
                }
            });
            await().atMost(Duration.ofSeconds(30)).until(() -> sent.get() == 1);
        } finally {
            log.detachAppender(appender);
        }
        assertThat(lost).hasValue(1);
        assertThat(lines)
                .singleElement()
                .asString()
                .startsWith("dead letter of session-0 offset 7 (no such kind) could not be written: ")
                .contains("RecordTooLargeException");
    }

    private void createTopics() throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            var logs = Arrays.stream(ShardId.Kind.values()).map(kind -> new NewTopic(topics.log(kind), 1, (short) 1));
            var deadLetters =
                    new NewTopic(topics.deadLetter(), 1, (short) 1).configs(Map.of("max.message.bytes", "1000"));
            var all = Stream.concat(logs, Stream.of(deadLetters)).toList();
            admin.createTopics(List.copyOf(all)).all().get();
        }
    }
}
