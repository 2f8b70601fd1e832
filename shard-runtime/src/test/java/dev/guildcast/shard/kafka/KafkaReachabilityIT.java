package dev.guildcast.shard.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.guildcast.brokers.EmbeddedKafka;
import dev.guildcast.contract.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class KafkaReachabilityIT {
    /// That of the storage, and what a busy machine adds.
    private static final Duration LOST_WITHIN = Duration.ofSeconds(4);

    @Test
    void aStorageIsLostWhileItsBrokerIsAway(@TempDir Path data) {
        var broker = EmbeddedKafka.start(0, data);
        var bootstrap = broker.bootstrap();
        var changes = new AtomicInteger();
        try (var storage = new KafkaShardStorage(KafkaSettings.of(bootstrap, new Topics("reach.")))) {
            storage.onLostChange(changes::incrementAndGet);
            await().during(Duration.ofSeconds(3)).atMost(Duration.ofSeconds(5)).until(() -> !storage.isLost());
            broker.close();
            await().atMost(LOST_WITHIN).until(storage::isLost);
            broker = EmbeddedKafka.start(Integer.parseInt(bootstrap.substring(bootstrap.indexOf(':') + 1)), data);
            await().atMost(Duration.ofSeconds(20)).until(() -> !storage.isLost());
        } finally {
            broker.close();
        }
        assertThat(changes).hasValue(2);
    }
}
